"""Broken promises, one by one: each takes a part of the library out of a program that is about to start."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runtime.conformance.samples.sabotage_stores import (
    changes_the_database_at_each_start,
    connects_beside_the_pool,
    dies_with_its_database,
    forgets_a_resource,
    migrates_without_a_lock,
    never_recovers,
    put,
)


def crashes_at_start() -> None:
    raise RuntimeError("nothing works")


def ignores_the_port() -> None:
    os.environ["PORT"] = "0"


def lets_everybody_in() -> None:
    from runtime.http import diagnostics

    put(diagnostics, "authorise", lambda scope, secret: 200)


def compares_the_beginning() -> None:
    from runtime.contract import Secret

    put(Secret, "matches", lambda self, other: self.reveal().startswith(other))


def tells_how_near_a_guess_is() -> None:
    from runtime.http import diagnostics

    usual = vars(diagnostics)["problem"]
    told = iter(range(1_000_000))

    async def telling(send: Any, status: int, detail: str, *headers: Any, **more: Any) -> None:
        await usual(send, status, f"{detail} {next(told)} letters are right", *headers, **more)

    put(diagnostics, "problem", telling)


def says_another_version() -> None:
    from runtime.http.diagnostics import Diagnostics
    from runtime.http.answers import TEXT, answer

    async def version(self: Diagnostics, scope: Any, send: Any) -> None:
        await answer(send, 200, TEXT, b"9.9.9\n")

    put(Diagnostics, "_version", version)


def is_never_alive() -> None:
    from runtime.http.answers import problem
    from runtime.http.diagnostics import Diagnostics

    async def live(self: Diagnostics, scope: Any, send: Any) -> None:
        await problem(send, 503, "no")

    put(Diagnostics, "_live", live)


def is_always_ready() -> None:
    from runtime.http.answers import TEXT, answer
    from runtime.http.diagnostics import Diagnostics

    async def ready(self: Diagnostics, scope: Any, send: Any) -> None:
        await answer(send, 200, TEXT, b"ready\n")

    put(Diagnostics, "_ready", ready)


def drops_requests_when_it_stops() -> None:
    _signal_handler(lambda: os._exit(0))


def ends_with_a_code() -> None:
    _signal_handler(lambda: os._exit(3))


def is_deaf() -> None:
    _signal_handler(lambda: None)


def _signal_handler(act: Callable[[], None]) -> None:
    from runtime.lifecycle import signals

    put(signals, "install", lambda *arguments: signal.signal(signal.SIGTERM, lambda number, frame: act()))


def hears_one_signal() -> None:
    from runtime.lifecycle import signals

    usual = signals.install
    put(signals, "install", lambda loop, stop, grace: usual(loop, stop, grace, lambda code: None))


def has_defaults_for_everything() -> None:
    if os.environ.get("SERVICE_ID"):
        os.environ.setdefault("TIER", "test")


def names_one_problem_at_a_time() -> None:
    from runtime.contract import ConfigurationError

    usual = ConfigurationError.__init__
    put(ConfigurationError, "__init__", lambda self, problems: usual(self, problems[:1]))


def shows_a_traceback() -> None:
    from runtime import boot

    class Other(Exception):
        pass

    put(boot, "ConfigurationError", Other)


def reads_its_own_without_asking() -> None:
    if sys.argv[1:] or "SANITY_CHECK" in os.environ:
        return
    os.environ["UPSTREAM_KEY"]


def hides_a_variable() -> None:
    from runtime.contract import help

    usual = help.render
    put(
        help, "render",
        lambda name, version, description, variables: usual(
            name, version, description, [one for one in variables if one.name != "PGROLE"]
        ),
    )  # fmt: skip


def has_no_sanity() -> None:
    os.environ.pop("SANITY_CHECK", None)


def ignores_traceparent() -> None:
    from runtime.observability import propagation

    put(propagation, "CARRIERS", ())


def loses_the_last_spans() -> None:
    from runtime.observability.telemetry import Telemetry

    put(Telemetry, "flush", lambda self, seconds: True)


def prints() -> None:
    print("started, by the way", flush=True)


def logs_another_form_of_trace() -> None:
    from runtime.observability.cloud_logging import CloudLoggingFormatter

    put(CloudLoggingFormatter, "_trace", lambda self: {"logging.googleapis.com/trace": "7"})


def logs_nothing_of_traces() -> None:
    from runtime.observability.cloud_logging import CloudLoggingFormatter

    put(CloudLoggingFormatter, "_trace", lambda self: {})


def reports_another_release() -> None:
    from runtime.identity import Identity

    put(Identity, "release", property(lambda self: "unknown"))


def logs_a_secret() -> None:
    if os.environ.get("SERVICE_ID"):
        secret = os.environ.get("DIAGNOSTICS_SECRET")
        print(json.dumps({"severity": "INFO", "message": f"starts with {secret}"}), flush=True)


def traces_queries() -> None:
    from runtime.http import tracing

    class Span(tracing.RequestSpan):
        def __init__(self, telemetry: Any, scope: Any) -> None:
            super().__init__(telemetry, scope)
            self.span.set_attribute("url.query", scope["query_string"].decode())

    from runtime.http import guard

    put(guard, "RequestSpan", Span)


def writes_where_it_stands() -> None:
    folder = Path.cwd()
    folder.chmod(0o755)
    Path(folder, "state").touch()


SABOTAGES: dict[str, Callable[[], None]] = {
    act.__name__.replace("_", "-"): act
    for act in (
        crashes_at_start, ignores_the_port, lets_everybody_in, compares_the_beginning, tells_how_near_a_guess_is,
        says_another_version, is_never_alive, forgets_a_resource, is_always_ready, dies_with_its_database, never_recovers,
        drops_requests_when_it_stops, ends_with_a_code, is_deaf, hears_one_signal, has_defaults_for_everything,
        names_one_problem_at_a_time, shows_a_traceback, reads_its_own_without_asking, hides_a_variable, has_no_sanity,
        ignores_traceparent, loses_the_last_spans, prints, logs_another_form_of_trace, logs_nothing_of_traces, reports_another_release, logs_a_secret,
        traces_queries, writes_where_it_stands, migrates_without_a_lock, changes_the_database_at_each_start,
        connects_beside_the_pool,
    )
}  # fmt: skip
"""By name."""


def chosen() -> str | None:
    """What `-X sabotage=…` says: an option of the interpreter is there whatever the environment is."""
    found = sys._xoptions.get("sabotage")
    return found if isinstance(found, str) else None


def sabotage() -> None:
    """Break what was chosen, before anything else runs."""
    name = chosen()
    if name is not None:
        SABOTAGES[name]()

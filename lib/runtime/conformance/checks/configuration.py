"""What the program says of its environment, before it does anything with it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

from ..bench import Bench
from ..described import ALWAYS, PLATFORMS
from ..outcome import Broken, Check, expect
from ..process import Instance

REFUSED = 2
"""The exit code of a program whose environment does not fit."""
RUN_SECONDS = 300.0
"""For a job that runs."""


def sanity(bench: Bench) -> None:
    found = sanity_answer(bench)
    expect(found.get("name") == bench.subject.id, "the sanity check names another service", repr(found.get("name")))


def sanity_answer(bench: Bench) -> dict[str, object]:
    """Name and version, as the program prints them without any environment."""
    instance = bench.start(environment={"SANITY_CHECK": "true"})
    code = instance.exit_code(bench.patience.start)
    expect(code == 0, "SANITY_CHECK=true does not end with 0", f"exit code {code}: {instance.tail}")
    try:
        found = json.loads(instance.output)
    except ValueError:
        raise Broken("SANITY_CHECK=true prints no JSON", instance.tail) from None
    expect(
        isinstance(found, dict) and all(isinstance(found.get(key), str) and found[key] for key in ("name", "version")),
        "SANITY_CHECK=true does not print name and version",
        instance.tail,
    )
    assert isinstance(found, dict)
    return found


def help_page(bench: Bench) -> None:
    instance = bench.start(environment={}, arguments=("--help",))
    code = instance.exit_code(bench.patience.start)
    expect(code == 0, "--help does not end with 0", f"exit code {code}: {instance.tail}")
    words = set(instance.output.split())
    missing = [variable.name for variable in bench.subject.described.variables if variable.name not in words]
    expect(not missing, f"--help does not list {', '.join(missing)}")


def missing(bench: Bench) -> None:
    described = bench.subject.described
    always = tuple(name for name in described.required if PLATFORMS[name].when in ALWAYS)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda names: _refuses(bench, names), [*((name,) for name in described.required), always]))


def _refuses(bench: Bench, names: tuple[str, ...]) -> None:
    what = names[0] if len(names) == 1 else "all that it always has"
    instance = bench.start(without=names)
    code = instance.exit_code(bench.patience.refuse)
    expect(code is not None, f"it starts without {what}", instance.tail)
    expect(code == REFUSED, f"without {what} it does not end with {REFUSED}", f"exit code {code}: {instance.tail}")
    silent = [name for name in names if name not in instance.log]
    expect(not silent, f"without {what} it does not name {', '.join(silent)}", instance.tail)
    _no_traceback(instance, f"without {what}")


def own_settings(bench: Bench) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda name: _runs_or_names(bench, name), bench.subject.described.own))


def _runs_or_names(bench: Bench, name: str) -> None:
    instance = bench.start(without=(name,))
    try:
        bench.until_started(instance)
    except Broken:
        if instance.runs:
            raise
    if instance.runs and bench.subject.kind != "job":
        instance.kill()
        return
    code = instance.exit_code(RUN_SECONDS)
    if code == 0 and bench.subject.kind == "job":
        return
    expect(code == REFUSED, f"without {name} it ends otherwise than with {REFUSED}", f"exit code {code}: {instance.tail}")
    expect(name in instance.log, f"without {name} it does not name it", instance.tail)
    _no_traceback(instance, f"without {name}")


def _no_traceback(instance: Instance, when: str) -> None:
    expect("Traceback (most recent call last)" not in instance.log, f"{when} it shows a traceback", instance.tail)


CHECKS = (
    Check("sanity-check", "`SANITY_CHECK=true` prints name and version as JSON and ends with 0, without any environment.", sanity),
    Check("help", "`--help` lists every variable of the environment and ends with 0.", help_page),
    Check(
        "missing-variables",
        "Without a variable that the platform promises it does not start: it ends with 2 and names each that is missing,"
        " all at once, without a traceback.",
        missing,
    ),
    Check(
        "own-variables",
        "Without a variable of its own spec it starts, or ends with 2 and names it, without a traceback.",
        own_settings,
    ),
)  # fmt: skip

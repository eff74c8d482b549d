"""What all instances of the other checks have written and sent, looked through."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPException

from ..bench import Bench
from ..outcome import Broken, Check, NotApplicable, expect
from ..process import Instance
from .configuration import RUN_SECONDS, sanity_answer

TRACE = "logging.googleapis.com/trace"
TIMES = ("time", "timestamp", "timestampSeconds")
SEVERITIES = ("DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY")
"""https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity"""
SHORTEST = 8
"""Letters of a secret that is looked for: a shorter one is in every text."""
HTTP2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
MARKER = "conformance-must-not-be-shown"


def instances(bench: Bench) -> list[Instance]:
    """Those that ran as on the platform, one at least."""
    if not any("SERVICE_ID" in one.environment for one in bench.evidence.instances):
        instance = bench.ready()
        if bench.subject.kind == "job":
            instance.exit_code(RUN_SECONDS)
        else:
            instance.stop()
    return [one for one in bench.evidence.instances if "SERVICE_ID" in one.environment]


def logs(bench: Bench) -> None:
    for instance in instances(bench):
        if len(instance.entries) != len(instance.lines):
            odd = next(line for line in instance.lines if not line.startswith("{"))
            raise Broken("lines are no JSON", odd[:300])
        for entry in instance.entries:
            whole = "message" in entry and entry.get("severity") in SEVERITIES
            expect(whole, "log lines lack message or severity", str(entry)[:300])


def traces(bench: Bench) -> None:
    provoked = _provoke_lines(bench) if bench.subject.kind == "service" else frozenset()
    project = bench.subject.described.value("GOOGLE_CLOUD_PROJECT")
    form = re.compile(rf"projects/{re.escape(project or '')}/traces/([0-9a-f]{{32}})")
    found = set()
    for instance in instances(bench):
        for entry in instance.entries:
            about_a_request = "httpRequest" in entry or "httpRequest" in (entry.get("context") or ())
            expect(TRACE in entry or not about_a_request, "lines about a request carry no trace", str(entry)[:300])
            if TRACE in entry:
                match = form.fullmatch(str(entry[TRACE]))
                expect(match is not None, f"{TRACE} is not what Cloud Logging takes", str(entry[TRACE]))
                assert match is not None
                found.add(match[1])
    if bench.subject.kind == "service" and not found & provoked:
        raise NotApplicable("it writes nothing when its databases are gone while it answers a request")
    if not found:
        raise NotApplicable("it writes nothing while it runs")


def _provoke_lines(bench: Bench) -> frozenset[str]:
    """Requests that fail for want of a database: what services write something about. Gives the ids of their traces."""
    links = [*([bench.databases.link] if bench.databases else []), *([bench.redis] if bench.redis else [])]
    instance, made = bench.ready(), set()
    for link in links:
        link.cut()
    try:
        for path in bench.subject.paths if links else ():
            header, trace, _ = bench.evidence.traceparent()
            made.add(trace)
            with suppress(OSError, HTTPException):
                instance.get(path, {**bench.subject.headers, "traceparent": header})
    finally:
        for link in links:
            link.mend()
    instance.stop()
    return frozenset(made)


def error_reports(bench: Bench) -> None:
    if bench.subject.kind == "service":
        _provoke(bench)
    else:
        instances(bench)
    events = [payload for head, payload in bench.collector.sentry_items if head.get("type") in ("event", "check_in")]
    if not events:
        raise NotApplicable("it had no error to report")
    environment = bench.subject.described.id
    release = f"{bench.subject.id}@{sanity_answer(bench)['version']}"
    for event in events:
        expect(event.get("release") == release, "error reports name another release", f"{event.get('release')!r}, expected {release!r}")
        expect(event.get("environment") == environment, "error reports name another environment", repr(event.get("environment")))  # fmt: skip


def _provoke(bench: Bench) -> None:
    """Something that is worth an error: HTTP/2 where HTTP/1 is spoken. Whoever speaks it has nothing to say to this."""
    instance = bench.ready()
    with socket.create_connection(("127.0.0.1", instance.port), timeout=10) as connection:
        connection.sendall(HTTP2)
        connection.settimeout(10)
        try:
            connection.recv(1024)
        except OSError:
            pass
    instance.stop()


def secrets(bench: Bench) -> None:
    if bench.subject.kind == "service":
        _hand_secrets(bench)
    values = {what: value for what, value in bench.evidence.secrets.items() if len(value) >= SHORTEST}
    values[f"what a request brought ({MARKER})"] = MARKER
    for instance in instances(bench):
        _without(instance.log, values, "the log")
    for path, _, body in bench.collector.requests:
        _without(body.decode(errors="replace"), values, f"what is sent to {path}")


def _without(text: str, values: Mapping[str, str], place: str) -> None:
    for what, value in values.items():
        if value in text:
            raise Broken(f"{what} is in {place}", f"{text[max(0, text.index(value) - 200) : text.index(value)]}***")


def _hand_secrets(bench: Bench) -> None:
    instance = bench.ready()
    handed = {"authorization": f"Bearer {MARKER}", "cookie": f"session={MARKER}", "x-api-key": MARKER}
    for path in bench.subject.paths:
        instance.asked(f"{path}{'&' if '?' in path else '?'}token={MARKER}", handed)
    instance.stop()


def nothing_written(bench: Bench) -> None:
    for instance in instances(bench):
        left = [path.name for path in instance.work.iterdir()]
        expect(not left, "it writes into its working directory", ", ".join(left[:5]))


CHECKS = (
    Check("logs", "Every line that it writes is JSON with message and severity, as Cloud Logging takes it apart.", logs),
    Check("logs-with-traces", "Lines that are written while a request is answered carry its trace, as Cloud Logging takes it.", traces),
    Check("error-reports", "Error reports name the release `<service>@<version>` and the environment.", error_reports),
    Check("read-only", "It runs in a working directory that it may not write to, and leaves nothing there.", nothing_written),
    Check(
        "no-secrets",
        "No secret's value, no token, and nothing of a request's query or credentials is in its logs, traces, metrics and"
        " error reports.",
        secrets,
    ),
)

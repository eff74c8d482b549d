"""An environment's logs, in the terminal."""

from __future__ import annotations

import argparse
import datetime
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from ops.commands.links import open_page
from ops.durations import seconds
from ops.errors import Misuse
from ops.session import Session

NAME = "logs"
HELP = "What a service wrote: the last lines, or as they come."
EXAMPLES = (
    "accounts prod",
    "accounts prod --follow --severity error",
    "accounts prod --since 2h --grep 'timed out'",
    "accounts prod --requests --limit 200 --json",
    "usage-report prod --execution usage-report-x7k2p",
    "accounts prod --open",
)
SEVERITIES = ("default", "debug", "info", "notice", "warning", "error", "critical", "alert", "emergency")
"""https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity"""
COLOURS = {"WARNING": "yellow", "ERROR": "red", "CRITICAL": "red", "ALERT": "red", "EMERGENCY": "red", "DEBUG": "grey"}
POLL_SECONDS = 3.0
"""Between two looks: Cloud Logging lets a project read 60 times a minute (https://cloud.google.com/logging/quotas)."""
LATE_SECONDS = 60
"""How late an entry may come and still be shown by --follow."""
MOST_KEPT = 20_000


def add(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--requests", action="store_true", help="the line of each request as well")
    which.add_argument("--execution", metavar="NAME", help="of one execution of a job")
    parser.add_argument("--severity", choices=SEVERITIES, help="this one and worse")
    parser.add_argument("--since", type=seconds, default=seconds("1h"), metavar="AGO", help="how far back (default: 1h)")
    parser.add_argument("--grep", metavar="TEXT", help="only entries with this text in them, upper and lower case alike")
    parser.add_argument("--trace", metavar="ID", help="of one trace")
    parser.add_argument("--filter", metavar="QUERY", help="more of Cloud Logging's query language")
    parser.add_argument("--limit", type=int, default=100, metavar="N", help="the newest N entries (default: %(default)s)")
    parser.add_argument("--follow", "-f", action="store_true", help="go on, until Ctrl-C")
    parser.add_argument("--open", action="store_true", help="in the Logs Explorer instead")


def run(session: Session, arguments: argparse.Namespace) -> int:
    if arguments.limit < 1:
        raise Misuse("--limit is at least 1")
    query = query_of(session, arguments)
    if arguments.open:
        page = f"https://console.cloud.google.com/logs/query;query={quote(query, safe='')};duration=PT{arguments.since}S"
        page += f"?{urlencode({'project': session.environment.project})}"
        session.terminal.data(page)
        if not session.processes.dry_run:
            open_page(session, page)
        return 0
    if session.processes.dry_run:
        session.processes.show(session.gcloud.call(*_read(query, arguments.since, arguments.limit, session)))
        return 0
    entries = _entries(session, query, arguments.since, arguments.limit)
    if not entries and not arguments.follow:
        session.terminal.note(f"no such entries; look further back with --since, or at all of them: {session.said('links')}")
    for entry in entries:
        _tell(session, entry)
    if arguments.follow:
        for entry in _following(session, query, entries):
            _tell(session, entry)
    return 0


def query_of(session: Session, arguments: argparse.Namespace) -> str:
    """In Cloud Logging's language; what people typed is quoted, but for --filter, which is that language."""
    filters: Mapping[str, str] = session.environment.operating["logs"]
    parts = [filters["all"] if arguments.requests or arguments.execution else filters["application"]]
    if arguments.execution:
        if session.description.kind != "job":
            raise Misuse(f"{session.description.id} is a {session.description.kind}: only jobs have executions")
        parts.append(f'labels."run.googleapis.com/execution_name"={text(arguments.execution)}')
    if arguments.severity:
        parts.append(f"severity>={arguments.severity.upper()}")
    if arguments.grep:
        parts.append(f"SEARCH({text(arguments.grep)})" if _is_words(arguments.grep) else _anywhere(arguments.grep))
    if arguments.trace:
        parts.append(f"trace={text(f'projects/{session.environment.project}/traces/{arguments.trace}')}")
    if arguments.filter:
        parts.append(f"({arguments.filter})")
    return " AND ".join(parts)


def text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _is_words(value: str) -> bool:
    return value.replace(" ", "").isalnum()


def _anywhere(value: str) -> str:
    """A part of a word; SEARCH finds whole words only."""
    fields = ("textPayload", "jsonPayload.message", "httpRequest.requestUrl")
    return f"({' OR '.join(f'{field}:{text(value)}' for field in fields)})"


def _read(query: str, since: int, limit: int, session: Session) -> tuple[str, ...]:
    return (
        "logging", "read", query, f"--project={session.environment.project}", f"--freshness={since}s",
        f"--limit={limit}", "--order=desc",
    )  # fmt: skip


def _entries(session: Session, query: str, since: int, limit: int) -> list[Mapping[str, Any]]:
    """The newest, the oldest of them first."""
    found = session.gcloud.json(*_read(query, since, limit, session))
    return list(reversed(found or []))


def _following(session: Session, query: str, shown: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    seen = dict.fromkeys(_key(entry) for entry in shown)
    session.terminal.note("… follows; Ctrl-C ends it")
    while True:
        time.sleep(POLL_SECONDS)
        for entry in _entries(session, query, LATE_SECONDS, 1000):
            if _key(entry) not in seen:
                seen[_key(entry)] = None
                yield entry
        while len(seen) > MOST_KEPT:
            del seen[next(iter(seen))]


def _key(entry: Mapping[str, Any]) -> tuple[str, str]:
    return str(entry.get("timestamp")), str(entry.get("insertId"))


def _tell(session: Session, entry: Mapping[str, Any]) -> None:
    if session.json:
        session.terminal.json(entry)
        return
    severity = str(entry.get("severity", "DEFAULT"))
    line = f"{_moment(str(entry.get('timestamp', '')))} {severity:<8} {message(entry)}"
    session.terminal.data(line, COLOURS.get(severity))


def _moment(stamp: str) -> str:
    """In this machine's time, to the millisecond."""
    try:
        return datetime.datetime.fromisoformat(stamp).astimezone().strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    except ValueError:
        return stamp


def message(entry: Mapping[str, Any]) -> str:
    """What a line says, whichever form it was written in."""
    request = entry.get("httpRequest")
    if request:
        took = str(request.get("latency", ""))
        return f"{request.get('requestMethod', '')} {request.get('requestUrl', '')} {request.get('status', '')} {took}".rstrip()
    if "textPayload" in entry:
        return str(entry["textPayload"])
    payload = entry.get("jsonPayload") or entry.get("protoPayload") or {}
    said = str(payload.get("message") or payload.get("methodName") or payload)
    more = {name: value for name, value in payload.items() if name not in HIDDEN}
    return f"{said}  {' '.join(f'{name}={value}' for name, value in more.items())}".rstrip() if "message" in payload else said


HIDDEN = frozenset({"message", "severity", "time", "timestamp", "logger", "serviceContext", "stack_trace", "exception"})
"""Fields that are told otherwise, or fill the screen; --json has them."""

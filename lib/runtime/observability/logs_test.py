"""Log records as Cloud Logging takes them, and as people read them."""

from __future__ import annotations

import json
import logging
import sys

from opentelemetry import trace

from runtime.contract import Secret
from runtime.identity import Identity
from runtime.observability.cloud_logging import CloudLoggingFormatter, severity
from runtime.observability.terminal import TerminalFormatter
from runtime.testing.telemetry import SOMEBODY, CapturedTelemetry


def record(
    level: int = logging.INFO, message: str = "made %s", *arguments: object, **more: object
) -> logging.LogRecord:
    made = logging.LogRecord("shop.orders", level, "/app/shop/orders.py", 12, message, arguments, None, "place")
    made.created = 1767225600.25
    vars(made).update(more)
    return made


def entry(made: logging.LogRecord, identity: Identity = SOMEBODY) -> dict[str, object]:
    line = CloudLoggingFormatter(identity).format(made)
    assert "\n" not in line
    found = json.loads(line)
    assert isinstance(found, dict)
    return found


def test_an_entry_has_cloud_loggings_fields() -> None:
    assert entry(record(logging.WARNING, "made %s", "one\ntwo", order=7)) == {
        "severity": "WARNING",
        "message": "made one\ntwo",
        "time": "2026-01-01T00:00:00.250000Z",
        "logger": "shop.orders",
        "logging.googleapis.com/labels": {"service": "sample", "environment": "test", "version": "1.0"},
        "logging.googleapis.com/sourceLocation": {"file": "/app/shop/orders.py", "line": "12", "function": "place"},
        "order": 7,
    }


def test_it_belongs_to_the_span_that_it_was_written_in() -> None:
    captured = CapturedTelemetry()
    with captured.telemetry.tracers.get_tracer("t").start_as_current_span("outer"):
        found = entry(record(message="x"))
    assert found["logging.googleapis.com/trace"] == f"projects/sample-test-0000/traces/{1:032x}"
    assert found["logging.googleapis.com/spanId"] == f"{1:016x}"
    assert found["logging.googleapis.com/trace_sampled"] is True
    assert not trace.get_current_span().get_span_context().is_valid


def test_levels_of_ones_own_become_the_severity_below() -> None:
    assert [severity(level) for level in (5, 10, 25, 35, 40, 55)] == [
        "DEFAULT", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL",
    ]  # fmt: skip


def test_an_error_is_reported_with_its_stack_and_a_warning_only_has_it() -> None:
    try:
        raise LookupError("gone")
    except LookupError:
        info = sys.exc_info()
    error, warning = (
        entry(record(logging.ERROR, "x", exc_info=info)),
        entry(record(logging.WARNING, "x", exc_info=info)),
    )
    for found in (error, warning):
        assert str(found["stack_trace"]).endswith("LookupError: gone")
    assert error["serviceContext"] == {"service": "sample", "version": "1.0"}
    assert "serviceContext" not in warning


def test_what_is_no_json_is_written_as_text_and_a_secret_as_stars() -> None:
    found = entry(record(message="x", place={1}, key=Secret("hush")))
    assert (found["place"], found["key"]) == ("{1}", "Secret(***)")


def test_a_job_says_of_which_execution_it_is() -> None:
    job = Identity("j", "1", "prod", "p", "r", on_platform=True, execution="j-x7")
    labels = entry(record(message="x"), job)["logging.googleapis.com/labels"]
    assert isinstance(labels, dict) and labels["execution"] == "j-x7"


def test_people_get_a_line_in_colour_only_where_there_is_a_terminal() -> None:
    made = record(logging.ERROR, "made %s", "it", order=7)
    plain = TerminalFormatter(colour=False).format(made)
    assert plain.endswith("ERROR   shop.orders: made it order=7") and "\x1b" not in plain
    assert "\x1b[31mERROR  \x1b[0m" in TerminalFormatter(colour=True).format(made)

"""A worker in a process of its own: it stays until it is told to stop, finishes what it began, and fails otherwise."""

from __future__ import annotations

import json
import signal

import pytest

from runtime.testing import sample_worker
from runtime.testing.collector import Collector
from runtime.testing.contracts import environment
from runtime.testing.processes import ProgramProcess


def worker(way: str, *arguments: str, **variables: str) -> ProgramProcess:
    values = environment("sample-worker", "worker", variables={"WAY": way, **variables})
    return ProgramProcess(sample_worker.__file__, values, arguments)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stays_until_it_is_told_to_stop_and_finishes_what_it_began(number: signal.Signals) -> None:
    with Collector() as collector:
        with worker("pieces", OTEL_EXPORTER_OTLP_ENDPOINT=collector.url) as process:
            process.wait_for("1 begins piece 1")
            process.wait_for("2 begins piece 1")
            process.send(number)
            assert process.exit_code() == 0
        assert "1 ends piece 1" in process.log and "2 ends piece 1" in process.log
        assert "piece 2" not in process.log
        assert f"sample-worker stops: {number.name} received" in process.log
        assert [span.name for span in collector.spans] == ["piece", "piece"]


def test_it_needs_no_port_and_opens_none() -> None:
    values = environment("sample-worker", "worker", on_platform=True, variables={"WAY": "waits"})
    assert "PORT" not in values
    with ProgramProcess(sample_worker.__file__, values) as process:
        process.wait_for("working")
        process.send(signal.SIGTERM)
        assert process.exit_code() == 0
    messages = [entry["message"] for entry in process.entries]
    assert "cleaned up" in messages
    assert not any("serves" in message for message in messages)


@pytest.mark.parametrize(
    ("way", "code", "says", "traced"),
    [
        ("returns", 1, "sample-worker ended by itself, which a worker never does", False),
        ("exits", 1, "sample-worker ended by itself, which a worker never does", False),
        ("dies", 1, "sample-worker failed: LookupError: no messages", True),
        ("undeclared", 2, "        - name: orders", False),
        ("loses", 1, "background task reader ended", False),
    ],
)
def test_any_other_end_is_a_failure(way: str, code: int, says: str, traced: bool) -> None:
    with worker(way) as process:
        assert process.exit_code() == code
    assert says in process.log
    assert ("Traceback" in process.log) == traced


@pytest.mark.parametrize(("way", "code"), [("slow", 0), ("deaf", 1)])
def test_a_piece_that_takes_too_long_is_cut_off_within_the_grace(way: str, code: int) -> None:
    with worker(way, SHUTDOWN_GRACE="500ms") as process:
        process.wait_for("working")
        process.send(signal.SIGTERM)
        assert process.exit_code() == code
    assert ("did not stop in time" in process.log) == (way == "deaf")
    assert way == "deaf" or "stopping by force" not in process.log


def test_a_second_signal_ends_it_at_once() -> None:
    with worker("slow") as process:
        process.wait_for("working")
        process.send(signal.SIGTERM)
        process.wait_for("stops: SIGTERM")
        process.send(signal.SIGTERM)
        assert process.exit_code() == 128 + signal.SIGTERM


def test_help_and_the_sanity_check() -> None:
    with worker("pieces", "--help") as process:
        assert process.exit_code() == 0
        text = process.output()
    assert text.startswith("sample-worker 3.0\n\nA worker for tests.")
    assert "\n  WAY " in text and "\n  SUBSCRIPTIONS " in text
    with worker("pieces", SANITY_CHECK="true") as process:
        assert process.exit_code() == 0
        assert json.loads(process.output()) == {"name": "sample-worker", "version": "3.0"}


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with worker("sideways", REDIS_ENDPOINT="cache:6379") as process:
        assert process.exit_code() == 2
    assert process.lines[0] == "sample-worker 3.0 can't start: 2 problems with the environment:"

"""`main` of a service and of a job, in processes of their own: what they print, how they end, what they still send."""

from __future__ import annotations

import json
import signal
import socket

import pytest

from runtime.testing import sample_job, sample_service
from runtime.testing.collector import Collector
from runtime.testing.contracts import environment
from runtime.testing.processes import ProgramProcess

SERVICE, JOB = sample_service.__file__, sample_job.__file__


def test_help_prints_every_variable_and_reads_nothing_else() -> None:
    with ProgramProcess(SERVICE, {"MSP": "true", "PORT": "wrong"}, ["--help"]) as process:
        assert process.exit_code() == 0
        text = process.output()
    for name in ("PORT", "PGHOST", "SENTRY_DSN", "GREETING"):
        assert f"\n  {name} " in text
    assert text.startswith("sample 1.2.3\n\nA service for tests.")


def test_the_sanity_check_needs_no_environment() -> None:
    with ProgramProcess(SERVICE, {"MSP": "true", "SANITY_CHECK": "true"}) as process:
        assert process.exit_code() == 0
        assert json.loads(process.output()) == {"name": "sample", "version": "1.2.3"}


def test_everything_that_is_wrong_is_said_at_once_without_a_traceback() -> None:
    wrong = {"PORT": "http", "START": "slowly", "PGHOST": "db", "REDIS_ENDPOINT": "redis://:word@cache"}
    with ProgramProcess(SERVICE, {**environment(on_platform=True), **wrong}) as process:
        assert process.exit_code() == 2
    (entry,) = process.entries
    assert entry["severity"] == "CRITICAL"
    found = {line.split(":")[0].strip() for line in entry["message"].splitlines()[1:-1]}
    assert found == {
        "PORT", "START", "PGINSTANCE", "PGUSER", "PGROLE", "PGPOOLSIZE", "PGDATABASES", "REDIS_ENDPOINT",
        "REDIS_CA_CERTIFICATE",
    }  # fmt: skip
    assert "Traceback" not in process.log and "word" not in process.log


def test_on_a_developers_machine_the_errors_are_plain_text() -> None:
    with ProgramProcess(JOB, {}) as process:
        assert process.exit_code() == 2
    assert process.lines == [
        "sample-job 2.0 can't start: 1 problem with the environment:",
        "  ENDING: found nothing; expected success or failure or exit or crash or hang or stubborn or thread",
        "`--help` lists every variable.",
    ]


def test_an_argument_is_a_misuse() -> None:
    with ProgramProcess(SERVICE, {}, ["--verbose"]) as process:
        assert process.exit_code() == 2
    assert process.lines == ["sample: takes no arguments but --help; found '--verbose'"]


@pytest.mark.parametrize(
    ("how", "code", "says", "traced"),
    [
        ("fails", 1, "sample can't start: ConnectionError: upstream is away", True),
        ("undeclared", 2, "      postgres:", False),
        ("exits", 7, "", False),
    ],
)
def test_a_start_that_fails(how: str, code: int, says: str, traced: bool) -> None:
    with ProgramProcess(SERVICE, environment(variables={"START": how})) as process:
        assert process.exit_code() == code
    assert says in process.log
    assert ("Traceback" in process.log) == traced


def test_a_port_that_is_taken_is_no_traceback() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with ProgramProcess(SERVICE, environment(variables={"PORT": port})) as process:
            assert process.exit_code() == 2
    assert f"PORT: {port} is taken" in process.log and "Traceback" not in process.log


@pytest.mark.parametrize(
    ("ending", "code", "status"),
    [("success", 0, 0), ("failure", 1, 2), ("exit", 5, 2), ("crash", 130, 2), ("thread", 0, 0)],
)
def test_a_job_sends_its_traces_and_metrics_however_it_ends(ending: str, code: int, status: int) -> None:
    with Collector() as collector:
        variables = {"ENDING": ending, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "LOG_FORMAT": "json"}
        with ProgramProcess(JOB, environment("sample-job", "job", variables=variables)) as process:
            assert process.exit_code() == code
        spans = {span.name: span for span in collector.spans}
        assert set(spans) == {"job sample-job", "inside"}
        assert spans["inside"].parent_span_id == spans["job sample-job"].span_id
        assert spans["job sample-job"].status.code == status
        assert "runtime.job.duration" in collector.metrics
        resource = collector.resource
        assert (resource["service.name"], resource["service.version"]) == ("sample-job", "2.0")
        (worked,) = (entry for entry in process.entries if entry["message"] == "working")
        trace = spans["inside"].trace_id.hex()
        assert worked["logging.googleapis.com/trace"] == f"projects/sample-job-test-0000/traces/{trace}"
        assert worked["logging.googleapis.com/spanId"] == spans["inside"].span_id.hex()


def test_a_job_is_ended_by_its_deadline_and_can_clean_up() -> None:
    with Collector() as collector:
        variables = {"ENDING": "hang", "JOB_DEADLINE_SECONDS": "1", "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
        with ProgramProcess(JOB, environment("sample-job", "job", variables=variables)) as process:
            assert process.exit_code() == 1
        assert "sample-job is ended: its deadline passed" in process.log
        assert "cleaned up" in process.log
        assert {span.name for span in collector.spans} == {"job sample-job", "inside"}


def test_a_job_that_is_told_to_stop_cleans_up_and_says_that_it_was_cut_off() -> None:
    with Collector() as collector:
        variables = {"ENDING": "hang", "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
        with ProgramProcess(JOB, environment("sample-job", "job", variables=variables)) as process:
            process.wait_for("working")
            process.send(signal.SIGTERM)
            assert process.exit_code() == 128 + signal.SIGTERM
        assert "cleaned up" in process.log
        assert {span.name for span in collector.spans} == {"job sample-job", "inside"}


def test_a_job_that_does_not_listen_is_stopped_by_force_and_shows_where_it_was() -> None:
    variables = {"ENDING": "stubborn", "SHUTDOWN_GRACE": "300ms"}
    with ProgramProcess(JOB, environment("sample-job", "job", variables=variables)) as process:
        process.wait_for("deaf")
        process.send(signal.SIGTERM)
        assert process.exit_code() == 1
    assert "SIGTERM was 0.3 s ago: stopping by force" in process.log
    assert "time.sleep(3600)" in process.log


def test_an_endpoint_that_is_away_delays_the_end_by_little() -> None:
    variables = {"ENDING": "success", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "SHUTDOWN_GRACE": "2s"}
    with ProgramProcess(JOB, environment("sample-job", "job", variables=variables)) as process:
        assert process.exit_code(seconds=10) == 0


def test_a_scheduled_job_checks_in_with_sentry() -> None:
    with Collector() as collector:
        variables = {
            "ENDING": "failure", "SENTRY_DSN": collector.sentry_dsn, "JOB_SCHEDULE": "Europe/Berlin 15 3 * * *",
            "JOB_DEADLINE_SECONDS": "600",
        }  # fmt: skip
        with ProgramProcess(JOB, environment("sample-job", "job", variables=variables)) as process:
            assert process.exit_code() == 1
        items = collector.sentry_items
    check_ins = [payload for head, payload in items if head["type"] == "check_in"]
    assert [one["status"] for one in check_ins] == ["in_progress", "error"]
    assert {one["monitor_slug"] for one in check_ins} == {"sample-job-test"}
    assert check_ins[0]["monitor_config"] == {
        "schedule": {"type": "crontab", "value": "15 3 * * *"}, "timezone": "Europe/Berlin", "max_runtime": 10,
        "checkin_margin": 5,
    }  # fmt: skip
    (event,) = (payload for head, payload in items if head["type"] == "event")
    assert (event["release"], event["environment"]) == ("sample-job@2.0", "test")
    assert event["exception"]["values"][-1]["type"] == "LookupError"
    assert not any("vars" in frame for value in event["exception"]["values"] for frame in value["stacktrace"]["frames"])

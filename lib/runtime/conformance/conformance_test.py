"""The kit itself: a program that keeps every promise passes, and each check fails where its promise is broken."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from runtime.conformance.bench import Bench, Patience
from runtime.conformance.checks import CHECKS
from runtime.conformance.outcome import Check
from runtime.conformance.samples.described import described
from runtime.conformance.samples.sabotage import SABOTAGES
from runtime.conformance.subject import Subject, module_command
from runtime.testing import sample_job, sample_worker

BY_ID = {check.id: check for check in CHECKS}

BROKEN: dict[str, dict[str, str]] = {
    # Without databases.
    "crashes-at-start": {"start": "it does not become ready"},
    "ignores-the-port": {"start": "it does not become ready"},
    "has-no-sanity": {"sanity-check": "SANITY_CHECK=true does not end with 0"},
    "has-defaults-for-everything": {"missing-variables": "it starts without TIER"},
    "names-one-problem-at-a-time": {"missing-variables": "without all that it always has it does not name"},
    "shows-a-traceback": {"missing-variables": "it does not end with 2"},
    "reads-its-own-without-asking": {"own-variables": "without UPSTREAM_KEY it ends otherwise than with 2"},
    "is-never-alive": {"probes": "/-/livez does not answer 200"},
    "says-another-version": {"version": "/-/version and the sanity check say different versions"},
    "lets-everybody-in": {"health-authentication": "without a header does not answer 401"},
    "compares-the-beginning": {"health-authentication": "with its beginning does not answer 401"},
    "tells-how-near-a-guess-is": {"health-gives-nothing-away": "/-/healthz answers differently to"},
    "ignores-traceparent": {"traces": "no span of a request's trace arrives"},
    "loses-the-last-spans": {"traces": "no span of a request's trace arrives"},
    "drops-requests-when-it-stops": {"drain": "requests fail while it stops"},
    "ends-with-a-code": {"drain": "it does not end with 0 after SIGTERM"},
    "is-deaf": {
        "drain": "it has not ended within the grace after SIGTERM",
        "not-ready-while-stopping": "/-/readyz answers 200 after SIGTERM",
    },
    "hears-one-signal": {"second-signal": "a second SIGTERM does not end it"},
    "prints": {"logs": "lines are no JSON"},
    "logs-another-form-of-trace": {"logs-with-traces": "logging.googleapis.com/trace is not what Cloud Logging takes"},
    "reports-another-release": {"error-reports": "error reports name another release"},
    "writes-where-it-stands": {"read-only": "it writes into its working directory"},
    "logs-a-secret": {"no-secrets": "the value of DIAGNOSTICS_SECRET is in the log"},
    "traces-queries": {"no-secrets": "what a request brought (conformance-must-not-be-shown) is in what is sent"},
    # With them.
    "hides-a-variable": {"help": "--help does not list PGROLE"},
    "logs-nothing-of-traces": {"logs-with-traces": "lines about a request carry no trace"},
    "forgets-a-resource": {"health-in-full": "/-/healthz?full=1 says nothing of redis"},
    "connects-beside-the-pool": {"pool-budget": "it holds more connections than PGPOOLSIZE"},
    "is-always-ready": {"survives-postgresql": "/-/readyz does not say 503 while PostgreSQL is cut off"},
    "dies-with-its-database": {"survives-postgresql": "while PostgreSQL is cut off"},
    "never-recovers": {"survives-redis": "it is not ready again after Redis is cut off"},
    "migrates-without-a-lock": {"migrations": "of 20 starts at the same time not all become ready"},
    "changes-the-database-at-each-start": {"migrations": "a second start changes the database again"},
}
"""Sabotage -> checks that fail then, and with what."""

HURRIED = Patience(start=8.0, refuse=8.0, notice=8.0, recover=8.0)
"""For programs of which nothing comes."""

WITH_STORES = tuple(BROKEN).index("hides-a-variable")


def service(sabotage: str | None = None, *, stores: bool = True) -> Subject:
    options = () if sabotage is None else ("-X", f"sabotage={sabotage}")
    command = (sys.executable, *options, "-m", "runtime.conformance.samples.stores")
    return Subject("sample", "service", command, described("service", stores=stores), own={"LOG_LEVEL": "debug"})


def job(ending: str) -> Subject:
    module = module_command(sample_job.__name__)
    return Subject("sample-job", "job", module, described("job", stores=False), own={"ENDING": ending})


def worker(way: str) -> Subject:
    module = module_command(sample_worker.__name__)
    return Subject("sample-worker", "worker", module, described("worker", stores=False), own={"WAY": way})


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Bench(service()) as opened:
        yield opened


@pytest.mark.parametrize("check", CHECKS, ids=[check.id for check in CHECKS])
def test_a_service_that_keeps_its_promises_passes(check: Check, bench: Bench) -> None:
    expected = "pass" if "service" in check.kinds else "not applicable"
    found = check.outcome(bench)
    assert found.result == expected, found


@pytest.mark.parametrize("sabotage", BROKEN)
def test_a_broken_promise_is_noticed(sabotage: str) -> None:
    stores = tuple(BROKEN).index(sabotage) >= WITH_STORES
    with Bench(service(sabotage, stores=stores), HURRIED) as opened:
        for id, reason in BROKEN[sabotage].items():
            found = BY_ID[id].outcome(opened)
            assert found.result == "fail", f"{id} does not notice"
            assert reason in found.reason, found


def test_every_sabotage_and_every_check_is_tried() -> None:
    assert set(BROKEN) == set(SABOTAGES)
    for_services = {check.id for check in CHECKS if "service" in check.kinds}
    assert {id for broken in BROKEN.values() for id in broken} == for_services


def test_what_a_service_has_not_is_not_applicable_and_says_why() -> None:
    with Bench(service(stores=False)) as opened:
        found = {id: BY_ID[id].outcome(opened) for id in ("pool-budget", "survives-redis", "migrations", "job-runs")}
    assert {id: (one.result, one.reason) for id, one in found.items()} == {
        "pool-budget": ("not applicable", "the environment has no PostgreSQL"),
        "survives-redis": ("not applicable", "the environment has no Redis"),
        "migrations": ("not applicable", "the environment has no PostgreSQL"),
        "job-runs": ("not applicable", "a service has nothing of the kind"),
    }


JOBS = {
    ("success", "job-runs"): ("pass", ""),
    ("failure", "job-runs"): ("fail", "it does not end with 0"),
    ("success", "job-deadline"): ("not applicable", "it ends before a deadline of a few seconds"),
    ("hang", "job-deadline"): ("pass", ""),
    ("stubborn", "job-deadline"): ("fail", "it runs on after its deadline"),
    ("hang", "job-signal"): ("pass", ""),
    ("stubborn", "job-signal"): ("fail", "SIGTERM ends it otherwise than cut off"),
    ("success", "missing-variables"): ("pass", ""),
    ("failure", "error-reports"): ("pass", ""),
    ("success", "logs-with-traces"): ("pass", ""),
    ("success", "drain"): ("not applicable", "a job has nothing of the kind"),
}


@pytest.mark.parametrize(("ending", "id"), JOBS)
def test_jobs(ending: str, id: str) -> None:
    with Bench(job(ending), HURRIED) as opened:
        found = BY_ID[id].outcome(opened)
    assert (found.result, found.reason) == JOBS[ending, id], found


WORKERS = {
    ("pieces", "worker-stops"): ("pass", ""),
    ("dies", "worker-stops"): ("fail", "it does not stop in order on SIGTERM"),
    ("deaf", "worker-stops"): ("fail", "it does not stop in order on SIGTERM"),
    ("pieces", "missing-variables"): ("pass", ""),
    ("pieces", "logs-with-traces"): ("pass", ""),
    ("waits", "read-only"): ("pass", ""),
    ("waits", "start"): ("not applicable", "a worker has nothing of the kind"),
}


@pytest.mark.parametrize(("way", "id"), WORKERS)
def test_workers(way: str, id: str) -> None:
    with Bench(worker(way), HURRIED) as opened:
        found = BY_ID[id].outcome(opened)
    assert (found.result, found.reason) == WORKERS[way, id], found

"""The environment read as a contract: what is required, what goes together, and how errors read."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.contract import ConfigurationError, Contract, Reader, Secret, read_contract

PLATFORM = {
    "MSP": "true",
    "SERVICE_ID": "accounts",
    "ENVIRONMENT_ID": "prod",
    "TIER": "external",
    "GOOGLE_CLOUD_PROJECT": "accounts-prod-7c2e",
    "GOOGLE_CLOUD_REGION": "europe-west1",
    "DIAGNOSTICS_SECRET": "hush",
    "PORT": "8080",
}
DATABASE = {
    "PGINSTANCE": "p:r:i",
    "PGHOST": "10.0.0.2",
    "PGUSER": "workload@p.iam",
    "PGROLE": "msp_owner",
    "PGPOOLSIZE": "7",
    "PGDATABASES": "accounts,audit",
}


def read(values: dict[str, str]) -> Contract:
    reader = Reader(values)
    contract = read_contract(reader, "accounts", "service")
    reader.finish()
    assert contract is not None
    return contract


def problems(values: dict[str, str]) -> dict[str, tuple[str, str]]:
    with pytest.raises(ConfigurationError) as caught:
        read(values)
    return {problem.name: (problem.found, problem.expected) for problem in caught.value.problems}


def test_nothing_is_needed_on_a_developers_machine() -> None:
    contract = read({})
    assert (contract.service_id, contract.environment_id, contract.tier) == ("accounts", "local", "test")
    assert (contract.on_platform, contract.port, contract.diagnostics_secret) == (False, 8080, None)
    assert contract.postgres is None and contract.redis is None and contract.bigquery is None


def test_everything_that_the_platform_always_sets_is_required_on_it_and_all_is_reported_at_once() -> None:
    found = problems({"MSP": "true"})
    assert set(found) == {
        "SERVICE_ID", "ENVIRONMENT_ID", "TIER", "GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_REGION", "DIAGNOSTICS_SECRET",
        "PORT",
    }  # fmt: skip
    assert found["TIER"] == ("nothing", "test, internal or external")


def test_a_job_needs_its_deadline_and_no_port() -> None:
    reader = Reader({"MSP": "true"})
    assert read_contract(reader, "report", "job") is None
    names = {problem.name for problem in reader.problems}
    assert "JOB_DEADLINE_SECONDS" in names
    assert "PORT" not in names


def test_a_job_knows_its_schedule() -> None:
    reader = Reader({"JOB_SCHEDULE": "Europe/Berlin 15 3 * * *", "JOB_DEADLINE_SECONDS": "60"})
    contract = read_contract(reader, "report", "job")
    assert contract is not None and contract.job is not None and contract.job.schedule is not None
    assert (contract.job.deadline_seconds, contract.job.attempt) == (60, 0)
    assert (contract.job.schedule.timezone, contract.job.schedule.cron) == ("Europe/Berlin", "15 3 * * *")


def test_the_database_of_the_platform() -> None:
    postgres = read({**PLATFORM, **DATABASE}).postgres
    assert postgres is not None
    assert (postgres.role, postgres.pool_size, postgres.databases, postgres.dsn) == (
        "msp_owner",
        7,
        ("accounts", "audit"),
        None,
    )


def test_half_a_database_is_a_problem_for_each_variable_that_is_missing() -> None:
    found = problems({**PLATFORM, "PGHOST": "10.0.0.2", "PGROLE": "drop table"})
    assert set(found) == {"PGINSTANCE", "PGUSER", "PGPOOLSIZE", "PGDATABASES", "PGROLE"}
    assert found["PGUSER"] == ("nothing", "a value, because PGHOST is set")
    assert found["PGROLE"] == ("'drop table'", "a role's name")


def test_a_connection_string_is_for_developers_machines() -> None:
    dsn = "postgresql://me:word@localhost/{database}"
    local = read({"PGDSN": dsn, "PGDATABASES": "accounts"}).postgres
    assert local is not None
    assert (local.dsn, local.databases, local.role) == (dsn, ("accounts",), None)
    assert "word" not in repr(local)
    assert "PGDSN" in problems({**PLATFORM, **DATABASE, "PGDSN": dsn})
    assert problems({"PGDSN": "postgresql://me:word@localhost/one"})["PGDSN"] == (
        "a value that is not shown",
        "postgresql://…/{database}",
    )


def test_the_cache_is_spoken_to_in_secret_on_the_platform() -> None:
    local = read({"REDIS_ENDPOINT": "redis://localhost:6379"}).redis
    assert local is not None and local.ca_certificate is None
    found = problems({**PLATFORM, "REDIS_ENDPOINT": "redis://:word@10.0.0.3:6379"})
    assert found["REDIS_ENDPOINT"] == ("a value that is not shown", "rediss://…")
    assert "REDIS_CA_CERTIFICATE" in found


def test_buckets_and_their_kin_have_the_specs_names() -> None:
    contract = read({"BUCKETS": "uploads=a-b-uploads,receipts=a-b-receipts", "QUEUES": "mail=projects/p/queues/mail"})
    assert contract.buckets == {"uploads": "a-b-uploads", "receipts": "a-b-receipts"}
    assert contract.queues == {"mail": "projects/p/queues/mail"}


def test_rows_have_a_folder_on_a_developers_machine() -> None:
    dataset = {"BIGQUERY_PROJECT_ID": "p", "BIGQUERY_DATASET_ID": "d", "BIGQUERY_TABLES": "events,orders"}
    contract = read({**dataset, "BIGQUERY_LOCAL_FOLDER": "/tmp/rows"})
    assert contract.bigquery is not None and contract.bigquery.local_folder == Path("/tmp/rows")
    assert contract.bigquery.tables == ("events", "orders")


def test_no_secret_shows_itself() -> None:
    contract = read(
        {**PLATFORM, "REDIS_ENDPOINT": "rediss://:word@h:1", "REDIS_CA_CERTIFICATE": "-----BEGIN CERTIFICATE-----"}
    )
    assert "hush" not in repr(contract) and "word" not in repr(contract)
    assert contract.diagnostics_secret == Secret("hush")
    assert contract.diagnostics_secret.matches("hush") and not contract.diagnostics_secret.matches("hus")


def test_the_message_has_every_problem_on_a_line_of_its_own() -> None:
    with pytest.raises(ConfigurationError) as caught:
        read({"PORT": "http", "TIER": "prod"})
    assert str(caught.value) == (
        "2 problems with the environment:\n"
        "  TIER: found 'prod'; expected test, internal or external\n"
        "  PORT: found 'http'; expected a port's number; 0 takes a free one\n"
        "`--help` lists every variable."
    )

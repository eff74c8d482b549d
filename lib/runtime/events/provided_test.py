"""`runtime.events` as a service gets it, and what it needs of the spec."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from spec.table_schema import read_schema

from runtime.contract import UndeclaredResourceError
from runtime.events.cli import main
from runtime.events.conftest import until
from runtime.runtime import Runtime
from runtime.service import App, Service
from runtime.testing.contracts import fake_runtime
from runtime.testing.postgres_server import PostgresServer
from runtime.testing.served import serve

pytestmark = pytest.mark.anyio

BIGQUERY = {"BIGQUERY_PROJECT_ID": "p", "BIGQUERY_DATASET_ID": "d"}


class Recording(Service[None]):
    """Records an event with its own database's connection, if it has one."""

    name = "recording"

    async def initialize(self, runtime: Runtime[None]) -> App:
        if runtime.contract.postgres is None:
            await runtime.events.record("step.done", {"way": "file"})
        else:
            async with next(iter(runtime.postgres.values())).transaction() as connection:
                await runtime.events.record("step.done", {"way": "outbox"}, connection=connection)
        return nothing


async def nothing(*_: object) -> None:
    """An application that nobody asks."""


async def test_a_service_with_a_database_has_an_outbox(
    postgres_server: PostgresServer, database: str, tmp_path: Path
) -> None:
    variables = {
        **BIGQUERY, "BIGQUERY_TABLES": "users,events", "BIGQUERY_LOCAL_FOLDER": str(tmp_path),
        "PGDSN": postgres_server.dsn("{database}"), "PGDATABASES": database,
    }  # fmt: skip
    async with serve(Recording(), variables=variables):
        pass
    (line,) = (tmp_path / "events.jsonl").read_text().splitlines()
    assert json.loads(json.loads(line)["properties"]) == {"way": "outbox"}
    assert postgres_server.value("SELECT count(*) FROM runtime.events", database) == 0


async def test_without_anything_events_are_lines_of_the_log(
    caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    caplog.set_level("INFO", "runtime.events")
    async with serve(Recording(), variables={**BIGQUERY, "BIGQUERY_TABLES": "events"}):
        await until(lambda: 'event step.done way="file"' in caplog.text)


async def test_without_the_table_the_error_has_the_lines_to_add() -> None:
    runtime = fake_runtime(Recording(), variables={**BIGQUERY, "BIGQUERY_TABLES": "users"})
    await runtime.open()
    with pytest.raises(UndeclaredResourceError, match=r"tables: \[events\]  # columns: python -m runtime.events schema"):
        runtime.events  # noqa: B018
    await runtime.close(1)


def test_the_schema_is_one_that_the_spec_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    schema, diagnostics = read_schema(capsys.readouterr().out.encode(), "events.json")
    assert schema is not None and diagnostics == ()

"""kill -9 between the commit and the delivery: another instance delivers, and nothing is there twice."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from runtime import testing
from runtime.events.conftest import OpenEvents, until
from runtime.testing import sample_recorder
from runtime.testing.bigquery_server import BigQueryServer
from runtime.testing.postgres_server import PostgresServer
from runtime.testing.processes import ProgramProcess

pytestmark = pytest.mark.anyio

RECORDER = Path(testing.__file__).parent / "sample_recorder.py"


def variables(postgres_server: PostgresServer, database: str, server: BigQueryServer) -> Mapping[str, str]:
    return {
        "DSN": postgres_server.dsn("{database}"), "DATABASE": database, "BIGQUERY_URL": server.url, "LEASE": "0.5"
    }  # fmt: skip


def numbers(server: BigQueryServer) -> list[Any]:
    return sorted(row["properties"] for row in server.rows["events"])


async def test_of_a_process_killed_while_it_sends_another_one_delivers_once(
    server: BigQueryServer, open_events: OpenEvents, postgres_server: PostgresServer, database: str
) -> None:
    server.gate.clear()
    with ProgramProcess(RECORDER, variables(postgres_server, database, server)) as process:
        # The rows have come to BigQuery, whose answer never comes back.
        await until(lambda: server.authorizations)
        process.send(signal.SIGKILL)
        process.exit_code()
    assert postgres_server.value("SELECT count(*) FROM runtime.events WHERE claim IS NOT NULL", database) == 10
    server.gate.set()
    await until(lambda: len(server.rows["events"]) == sample_recorder.EVENTS)
    async with open_events():
        await until(lambda: postgres_server.value("SELECT count(*) FROM runtime.events", database) == 0)
    assert len(server.requests) == 2
    assert numbers(server) == sorted(f'{{"n": {number}}}' for number in range(sample_recorder.EVENTS))


async def test_of_a_process_killed_before_it_sends_another_one_delivers(
    server: BigQueryServer, open_events: OpenEvents, postgres_server: PostgresServer, database: str
) -> None:
    nowhere = {**variables(postgres_server, database, server), "BIGQUERY_URL": "http://127.0.0.1:9"}
    with ProgramProcess(RECORDER, nowhere) as process:
        await until(lambda: recorded(postgres_server, database) == sample_recorder.EVENTS)
        process.send(signal.SIGKILL)
        process.exit_code()
    async with open_events():
        await until(lambda: len(server.rows["events"]) == sample_recorder.EVENTS)
    assert numbers(server) == sorted(f'{{"n": {number}}}' for number in range(sample_recorder.EVENTS))


def recorded(postgres_server: PostgresServer, database: str) -> object:
    is_there = postgres_server.value("SELECT to_regclass('runtime.events') IS NOT NULL", database)
    return postgres_server.value("SELECT count(*) FROM runtime.events", database) if is_there else 0

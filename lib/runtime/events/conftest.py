"""Real servers for the tests of this folder."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

import pytest

from runtime.bigquery import BigQuery
from runtime.bigquery import Settings as BigQuerySettings
from runtime.bigquery.insert_all import InsertAll
from runtime.contract import BigQueryContract, PostgresContract
from runtime.events import SCHEMA, TABLE, Events, Settings
from runtime.events.destinations import BigQueryTable, Destination
from runtime.events.outbox import Outbox
from runtime.google_identity import AccessToken, GoogleIdentity
from runtime.postgres import Postgres
from runtime.postgres import Settings as PostgresSettings
from runtime.testing.bigquery_server import BigQueryServer, bigquery_server
from runtime.testing.postgres_server import PostgresServer
from runtime.testing.servers import database, postgres_server
from runtime.testing.telemetry import SOMEBODY

__all__ = ["bigquery", "database", "dropped", "open_events", "postgres_server", "server", "until"]

QUICK: Mapping[str, Any] = {"gather": 0.0, "interval": 0.2, "retry_base": 0.02, "retry_cap": 0.1, "refused_pause": 0.001}


class Tokens:
    async def fetch(self) -> AccessToken:
        return AccessToken("ya29.secret", 4_000_000_000.0)


def writer(url: str) -> BigQuery:
    """A writer to the stand-in."""
    settings = BigQuerySettings(retry_base=0.01, retry_cap=0.02)
    return BigQuery(InsertAll(BigQueryContract("analytics", "sample"), GoogleIdentity(Tokens()), settings, url=url))


@pytest.fixture
def server() -> Iterator[BigQueryServer]:
    """BigQuery's stand-in, with the table that the library's schema makes."""
    with bigquery_server({TABLE: [column["name"] for column in SCHEMA]}) as server:
        yield server


@pytest.fixture
async def bigquery(server: BigQueryServer) -> AsyncIterator[BigQuery]:
    bigquery = writer(server.url)
    await bigquery.open()
    yield bigquery
    await bigquery.close()


OpenEvents = Callable[..., AbstractAsyncContextManager[tuple[Events, Postgres]]]


@pytest.fixture
def open_events(postgres_server: PostgresServer, database: str, bigquery: BigQuery) -> OpenEvents:
    """`async with open_events(batch=3) as (events, postgres)`: an instance of the service, on the test's own database."""

    @asynccontextmanager
    async def opened(
        *, port: int | None = None, destination: Destination | None = None, arguments: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> AsyncIterator[tuple[Events, Postgres]]:  # fmt: skip
        dsn = postgres_server.dsn("{database}", port=port)
        contract = PostgresContract("", "", "", None, 3, (database,), dsn)
        postgres = Postgres(
            contract, application_name="sample", on_platform=False, settings=PostgresSettings(unavailable_wait=0.1)
        )
        chosen = Settings(**{**QUICK, **settings})
        outbox = Outbox(postgres[database], SOMEBODY, chosen)
        events = Events(
            SOMEBODY, [outbox], destination or BigQueryTable(bigquery), settings=chosen, **(arguments or {})
        )
        try:
            await postgres.open()
            await events.open()
            yield events, postgres
        finally:
            await events.close()
            with suppress(Exception):
                await postgres.close()

    return opened


class Counted:
    """Stands in for a counter: what was added, by attributes."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[tuple[str, str], ...]] = Counter()

    def add(self, count: int, attributes: Mapping[str, str]) -> None:
        self.counts[tuple(attributes.items())] += count


@pytest.fixture
def dropped(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """What is counted as dropped. (Counters belong to the process: its first test would have them all.)"""
    counted = Counted()
    monkeypatch.setattr("runtime.events.events.DROPPED", counted)
    return counted


async def until(condition: Callable[[], Any], seconds: float = 15.0) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        await asyncio.sleep(0.01)

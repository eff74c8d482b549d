"""Real servers for the tests of this folder."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from runtime.contract import PostgresContract
from runtime.postgres import Postgres, Settings
from runtime.testing.fault_proxy import FaultProxy
from runtime.testing.postgres_server import PostgresServer
from runtime.testing.servers import database, postgres_server

__all__ = ["database", "open_postgres", "postgres_server", "proxy"]

OpenPostgres = Callable[..., AbstractAsyncContextManager[Postgres]]


@pytest.fixture
async def proxy(postgres_server: PostgresServer) -> AsyncIterator[FaultProxy]:
    """The way to the server, which can be broken."""
    async with FaultProxy(postgres_server.host, postgres_server.port) as proxy:
        yield proxy


@pytest.fixture
def open_postgres(postgres_server: PostgresServer, database: str) -> OpenPostgres:
    """`async with open_postgres(pool_size=3) as postgres`: opened on the test's own database, or on those given."""

    @asynccontextmanager
    async def opened(
        *,
        pool_size: int = 3,
        databases: tuple[str, ...] = (),
        port: int | None = None,
        role: str | None = None,
        user: str = "postgres",
        settings: dict[str, Any] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> AsyncIterator[Postgres]:
        contract = PostgresContract(
            instance="",
            host="127.0.0.1",
            user=user,
            role=role,
            pool_size=pool_size,
            databases=databases or (database,),
            dsn=postgres_server.dsn("{database}", user=user, port=port),
        )
        postgres = Postgres(
            contract, application_name="service dev", on_platform=False, settings=Settings(**(settings or {})), clock=clock
        )
        try:
            await postgres.open()
            yield postgres
        finally:
            await postgres.close()

    return opened

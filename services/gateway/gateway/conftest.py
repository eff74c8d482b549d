"""Real servers for the tests of the service."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from runtime.testing.postgres_server import PostgresServer
from runtime.testing.servers import postgres_server, redis_server

__all__ = ["postgres_server", "redis_server"]


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The loop that services run on."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
def dsn(postgres_server: PostgresServer) -> Iterator[str]:
    """PGDSN of a new empty database, which the service calls `gateway`."""
    prefix = f"test_{secrets.token_hex(4)}"
    name = postgres_server.create_database(f"{prefix}_gateway")
    yield postgres_server.dsn(f"{prefix}_{{database}}")
    postgres_server.drop_database(name)

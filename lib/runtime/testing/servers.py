"""Fixtures with servers: one PostgreSQL and one Redis per test process; one database and one OpenFGA (a stand-in) per test.

Import them into a conftest.py: `from runtime.testing.servers import database, postgres_server, redis_server`.
"""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.testing.openfga_server import OpenFgaServer
from runtime.testing.openfga_server import openfga_server as started_openfga
from runtime.testing.postgres_server import PostgresServer, start_postgres
from runtime.testing.redis_server import RedisServer, start_redis


@functools.cache
def shared_postgres() -> PostgresServer:
    """This process' PostgreSQL, started on first use; it ends with the process."""
    server = start_postgres(_folder("postgres-"))
    atexit.register(server.stop)
    return server


@functools.cache
def shared_redis() -> RedisServer:
    """This process' Redis, started on first use; it ends with the process."""
    server = start_redis(_folder("redis-"), "--save", "", "--appendonly", "no")
    atexit.register(server.stop)
    return server


def _folder(prefix: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    # Registered before the server's own stop, so that it runs after it.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> PostgresServer:
    return shared_postgres()


@pytest.fixture(scope="session")
def redis_server() -> RedisServer:
    return shared_redis()


@pytest.fixture
def database(postgres_server: PostgresServer) -> Iterator[str]:
    """A new empty database's name."""
    name = postgres_server.create_database()
    yield name
    postgres_server.drop_database(name)


@pytest.fixture
def openfga_server() -> Iterator[OpenFgaServer]:
    """An OpenFGA without stores; `url` is what OPENFGA_API_URL wants."""
    with started_openfga() as server:
        yield server

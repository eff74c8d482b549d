"""Real servers for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from runtime.contract import PostgresContract
from runtime.postgres.connecting import Address
from runtime.postgres.settings import Settings
from runtime.testing.postgres_server import PostgresServer
from runtime.testing.servers import database, postgres_server

__all__ = ["address", "database", "folder", "postgres_server"]

WriteFolder = Callable[[Mapping[str, str]], Path]

USERS = "CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL);\nINSERT INTO users VALUES (1, '100% :name');\n"


@pytest.fixture
def folder(tmp_path: Path) -> WriteFolder:
    """Make the folder of migrations have these files and no others."""

    def write(files: Mapping[str, str]) -> Path:
        made = tmp_path / "migrations"
        made.mkdir(exist_ok=True)
        for path in made.glob("*.*"):
            path.unlink()
        for name, text in files.items():
            (made / name).write_text(text)
        return made

    return write


@pytest.fixture
def address(postgres_server: PostgresServer, database: str) -> Address:
    contract = PostgresContract("", "", "", None, 2, (database,), postgres_server.dsn("{database}"))
    return Address(contract, database, "service dev", Settings())

"""The instance as a whole: shares, configuration errors, undeclared databases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from runtime.contract import ConfigurationError, PostgresContract
from runtime.google_identity import AccessToken, GoogleIdentity
from runtime.postgres import Postgres, Settings, UndeclaredDatabaseError
from runtime.postgres.conftest import OpenPostgres
from runtime.resource import Resource
from runtime.testing.postgres_server import PostgresServer

LOCAL = PostgresContract("", "", "", None, 5, ("a", "b"), "postgresql://u:hunter2@localhost/{database}")


class NoTokens:
    async def fetch(self) -> AccessToken:
        raise AssertionError


@pytest.mark.anyio
async def test_the_budget_is_shared_over_the_databases(
    open_postgres: OpenPostgres, postgres_server: PostgresServer, database: str
) -> None:
    other = postgres_server.create_database()
    async with open_postgres(pool_size=5, databases=(database, other)) as postgres:
        assert isinstance(postgres, Resource)
        assert {name: db.size for name, db in postgres.items()} == {database: 3, other: 2}
        async with postgres[other].connection() as connection:
            row = await (await connection.execute("SELECT current_database()")).fetchone()
        assert row == (other,)
    postgres_server.drop_database(other)


def test_an_undeclared_database_says_what_to_add() -> None:
    postgres = Postgres(LOCAL, application_name="x", on_platform=False)
    with pytest.raises(UndeclaredDatabaseError) as caught:
        postgres["c"]
    assert str(caught.value) == (
        "database 'c' is not declared (declared: a, b). In service.yaml, add it to "
        "resources.postgres.databases: [a, b, c]. Locally it comes from PGDATABASES."
    )


def test_everything_wrong_is_said_at_once_and_no_password() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Postgres(
            replace(LOCAL, pool_size=1),
            application_name="x",
            on_platform=True,
            identity=GoogleIdentity(NoTokens()),
            settings=Settings(weights={"d": 2}),
            migrations={"c": Path("migrations")},
        )
    assert [problem.name for problem in caught.value.problems] == ["PGDSN", "PGPOOLSIZE", "PGDATABASES", "PGDATABASES"]
    assert "hunter2" not in str(caught.value)
    assert "at least 2: one connection for each of a, b" in str(caught.value)


def test_no_databases_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="PGDATABASES: found nothing"):
        Postgres(replace(LOCAL, databases=()), application_name="x", on_platform=False)

"""The environment's PostgreSQL instance: a pool for each declared database, opened, watched and closed together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psycopg

from runtime.contract import ConfigurationError, PostgresContract, Problem
from runtime.google_identity import GoogleIdentity
from runtime.postgres.connecting import Address
from runtime.postgres.database import Database
from runtime.postgres.settings import Settings, shares

DEFAULTS = Settings()

START_SECONDS = 20.0
"""How long the first connection may take before the start fails."""

PAUSE = 0.25

LONGEST_APPLICATION_NAME = 63
"""https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-APPLICATION-NAME"""


class Postgres(Mapping[str, Database]):
    """`runtime.postgres`: the declared databases by name. A runtime.Resource.

    on_platform  sign in with the identity's token over TLS; elsewhere as the contract's connection string says
    migrations   database -> folder of its migrations, which are applied before it is opened
    """

    name = "postgres"

    def __init__(
        self,
        contract: PostgresContract,
        *,
        application_name: str,
        on_platform: bool,
        identity: GoogleIdentity | None = None,
        settings: Settings = DEFAULTS,
        migrations: Mapping[str, Path] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._migrations = dict(migrations or {})
        _validate(contract, on_platform, identity, settings, tuple(self._migrations))
        password = identity.token if identity is not None and contract.dsn is None else None
        sizes = shares(contract.pool_size, contract.databases, settings.weights)
        self._addresses = {
            name: Address(contract, name, application_name[:LONGEST_APPLICATION_NAME], settings, password)
            for name in contract.databases
        }
        self._databases = {name: Database(address, sizes[name], clock=clock) for name, address in self._addresses.items()}

    def __getitem__(self, name: str) -> Database:
        """A declared database. KeyError that names the spec's lines to add, for another."""
        try:
            return self._databases[name]
        except KeyError:
            declared = ", ".join(self._databases)
            raise UndeclaredDatabaseError(
                f"database {name!r} is not declared (declared: {declared}). In service.yaml, add it to "
                f"resources.postgres.databases: [{declared}, {name}]. Locally it comes from PGDATABASES."
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._databases)

    def __len__(self) -> int:
        return len(self._databases)

    async def open(self) -> None:
        """Migrate, open the pools, and wait until each database answers.

        Raises DatabaseUnavailableError, runtime.migrations' MigrationError, IdentityError.
        """
        for name, folder in self._migrations.items():
            # Only who migrates has to have alembic installed.
            from runtime.migrations import migrate

            await migrate(self._addresses[name], folder)
        await asyncio.gather(*(database.open() for database in self._databases.values()))
        await asyncio.gather(*(_answers(database) for database in self._databases.values()))

    async def check(self) -> None:
        await asyncio.gather(*(database.check() for database in self._databases.values()))

    async def close(self) -> None:
        await asyncio.gather(*(database.close() for database in self._databases.values()))


class UndeclaredDatabaseError(KeyError):
    """The code asks for a database that the spec does not declare."""

    def __str__(self) -> str:
        # A KeyError shows its argument's representation, in quotes.
        return str(self.args[0])


async def _answers(database: Database) -> None:
    """Wait for the first answer. The last error where there is none in time."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return await database.check()
        except psycopg.OperationalError:
            if time.monotonic() >= deadline:
                raise
        await asyncio.sleep(PAUSE)


def _validate(
    contract: PostgresContract,
    on_platform: bool,
    identity: GoogleIdentity | None,
    settings: Settings,
    migrated: tuple[str, ...],
) -> None:
    """ConfigurationError with everything that is wrong at once."""
    problems = []
    if on_platform and contract.dsn is not None:
        problems.append(
            Problem("PGDSN", "a value that is not shown", "nothing: on the platform the identity signs in, without password")
        )
    if on_platform and identity is None:
        raise ValueError("identity: found None; expected the platform's identity")
    if not contract.databases:
        problems.append(Problem("PGDATABASES", "nothing", "the databases that the service uses, separated by commas"))
    elif contract.pool_size < len(contract.databases):
        problems.append(
            Problem(
                "PGPOOLSIZE",
                str(contract.pool_size),
                f"at least {len(contract.databases)}: one connection for each of {', '.join(contract.databases)}",
            )
        )
    for what, names in (("migrations", migrated), ("weights", tuple(settings.weights))):
        for name in names:
            if name not in contract.databases and contract.databases:
                found = ", ".join(contract.databases)
                problems.append(Problem("PGDATABASES", found, f"{name} among them: the code has {what} for it"))
    if problems:
        raise ConfigurationError(problems)

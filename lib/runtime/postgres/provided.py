"""`runtime.postgres`."""

from __future__ import annotations

from typing import Any

from runtime.postgres.resource import Postgres
from runtime.postgres.settings import Settings
from runtime.runtime import OPEN_SECONDS, Runtime

MIGRATION_SECONDS = 30 * 60.0
"""Migrating has limits of its own (runtime.migrations.Options), and an instance may wait for another one that does it."""


async def provide(runtime: Runtime[Any]) -> Postgres:
    """The declared databases, migrated and open."""
    contract, program = runtime.contract, runtime.program
    assert contract.postgres is not None
    return await runtime.use(
        Postgres(
            contract.postgres,
            application_name=runtime.identity.client_name,
            on_platform=contract.on_platform,
            identity=runtime.google_identity if contract.on_platform else None,
            settings=program.postgres_settings or Settings(),
            migrations=program.migrations,
        ),
        MIGRATION_SECONDS if program.migrations else OPEN_SECONDS,
    )

"""What the spec provisioned, opened: `postgres = await open_postgres(runtime, migrations={"accounts": FOLDER})`.

Each is opened, counted for readiness and closed by the runtime, signs in as the workload, and is missing with the lines to
add to service.yaml where the spec does not ask for it (UndeclaredResourceError).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from .google_identity import GoogleIdentity, google_identity
from .runtime import OPEN_SECONDS, Runtime

if TYPE_CHECKING:
    # Extras: a service imports the drivers of what it uses, when it uses it.
    from .bigquery import BigQuery, Column, RowError
    from .bigquery import Settings as BigQuerySettings
    from .postgres import Postgres
    from .postgres import Settings as PostgresSettings
    from .redis import Redis
    from .redis import Settings as RedisSettings

MIGRATION_SECONDS = 30 * 60.0
"""Migrating has limits of its own (runtime.migrations.Options), and an instance may wait for another one that does it."""

_identities: WeakKeyDictionary[Runtime[Any], GoogleIdentity] = WeakKeyDictionary()


def workload_identity(runtime: Runtime[Any]) -> GoogleIdentity:
    """The one identity of this process, so that its resources share their tokens."""
    if runtime not in _identities:
        _identities[runtime] = google_identity(on_platform=runtime.contract.on_platform)
    return _identities[runtime]


async def open_postgres(
    runtime: Runtime[Any],
    *,
    migrations: Mapping[str, Path] | None = None,
    settings: PostgresSettings | None = None,
) -> Postgres:
    """The declared databases by name.

    migrations  database -> folder of its migrations, which are applied first
    """
    from .postgres import Postgres, Settings

    contract = runtime.contract
    return await runtime.use(
        Postgres(
            contract.require_postgres(),
            application_name=_client_name(runtime),
            on_platform=contract.on_platform,
            identity=workload_identity(runtime) if contract.on_platform else None,
            settings=settings or Settings(),
            migrations=migrations,
        ),
        MIGRATION_SECONDS if migrations else OPEN_SECONDS,
    )


async def open_redis(runtime: Runtime[Any], *, settings: RedisSettings | None = None) -> Redis:
    """The cache."""
    from .redis import Redis, Settings

    contract = runtime.contract
    return await runtime.use(
        Redis.connect(
            contract.require_redis(),
            client_name=_client_name(runtime),
            on_platform=contract.on_platform,
            identity=workload_identity(runtime) if contract.on_platform else None,
            settings=settings or Settings(),
        )
    )


async def open_bigquery(
    runtime: Runtime[Any],
    *,
    schemas: Mapping[str, Sequence[Column]] | None = None,
    settings: BigQuerySettings | None = None,
    on_refused: Callable[[RowError], None] | None = None,
    local_folder: Path | None = None,
) -> BigQuery:
    """The writer of rows. Off the platform rows become lines of files in `local_folder`, or of the log."""
    from .bigquery import BigQuery, Settings

    contract = runtime.contract
    arguments: dict[str, Any] = {"schemas": schemas, "settings": settings or Settings()}
    if on_refused is not None:
        arguments["on_refused"] = on_refused
    if contract.on_platform:
        return await runtime.use(
            BigQuery.connect(contract.require_bigquery(), workload_identity(runtime), **arguments)
        )
    return await runtime.use(BigQuery.local(local_folder, **arguments))


def _client_name(runtime: Runtime[Any]) -> str:
    return f"{runtime.identity.name} {runtime.identity.environment}"

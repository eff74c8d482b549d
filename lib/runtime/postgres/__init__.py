"""PostgreSQL: pools, transactions, migrations at start. Needs psycopg and psycopg-pool; migrations need alembic."""

from __future__ import annotations

from runtime.extras import REQUIREMENTS, missing

try:
    import psycopg as _psycopg
    import psycopg_pool as _psycopg_pool
except ModuleNotFoundError as error:
    if error.name not in ("psycopg", "psycopg_pool"):
        raise
    raise missing(error.name, REQUIREMENTS["postgres"], "runtime.postgres") from None

from runtime.postgres.connection import Connection
from runtime.postgres.database import Database
from runtime.postgres.errors import DatabaseUnavailableError, NoAnswerError, PoolExhaustedError
from runtime.postgres.resource import Postgres, UndeclaredDatabaseError
from runtime.postgres.settings import Settings

__all__ = [
    "Connection",
    "Database",
    "DatabaseUnavailableError",
    "NoAnswerError",
    "PoolExhaustedError",
    "Postgres",
    "Settings",
    "UndeclaredDatabaseError",
]

del _psycopg, _psycopg_pool

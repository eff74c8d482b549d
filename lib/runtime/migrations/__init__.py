"""Migrations: numbered SQL files or Python scripts, applied by alembic at start, once however many instances start.

`python -m runtime.migrations --help` for people.
"""

from __future__ import annotations

from runtime.extras import REQUIREMENTS, missing

try:
    import alembic as _alembic
    import psycopg as _psycopg
    import sqlalchemy as _sqlalchemy
except ModuleNotFoundError as error:
    if error.name not in ("alembic", "psycopg", "sqlalchemy"):
        raise
    raise missing(error.name, REQUIREMENTS["migrations"], "runtime.migrations") from None

from runtime.migrations.errors import MigrationError, MigrationLockError
from runtime.migrations.runner import Options, migrate

__all__ = ["MigrationError", "MigrationLockError", "Options", "migrate"]

del _alembic, _psycopg, _sqlalchemy

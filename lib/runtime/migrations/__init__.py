"""Migrations: numbered SQL files or Python scripts, applied by alembic at start, once however many instances start.

Where nothing is to be done, alembic is not even imported: it would double the time that a small service needs to start.

`python -m runtime.migrations --help` for people.
"""

from __future__ import annotations

from runtime.extras import REQUIREMENTS, missing

try:
    import psycopg as _psycopg
except ModuleNotFoundError as error:
    if error.name != "psycopg":
        raise
    raise missing(error.name, REQUIREMENTS["migrations"], "runtime.migrations") from None

from runtime.migrations.errors import MigrationError, MigrationLockError
from runtime.migrations.runner import Options, migrate

__all__ = ["MigrationError", "MigrationLockError", "Options", "migrate"]

del _psycopg

"""The folder's migrations as alembic's revisions, and alembic running them."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import psycopg
from alembic import op
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script import Script as Revision
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionMap
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from runtime.migrations.history import TABLE, VERSION_TABLE
from runtime.migrations.scripts import Script


def run(driver: psycopg.Connection, scripts: Sequence[Script], begun: Callable[[Script], None]) -> None:
    """Apply what alembic's version table says is missing, each migration in a transaction of its own with its record.

    driver  the connection, which is closed at the end
    begun   told of each migration before it runs
    """
    engine = create_engine("postgresql+psycopg://", creator=lambda: driver, poolclass=NullPool, hide_parameters=True)
    with engine.connect() as connection:
        _run(connection, scripts, begun)


def _run(connection: Connection, scripts: Sequence[Script], begun: Callable[[Script], None]) -> None:
    by_revision = {script.revision: script for script in scripts}
    directory = ScriptDirectory(str(scripts[0].path.parent))
    revisions = [_revision(script, before) for script, before in zip(scripts, (None, *scripts), strict=False)]
    directory.revision_map = RevisionMap(lambda: revisions)

    def steps(current: Any, _: MigrationContext) -> list[Any]:
        missing = reversed(list(directory.iterate_revisions("head", current or "base")))
        return [_step(directory.revision_map, revision, by_revision[revision.revision], begun) for revision in missing]

    def applied(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:
        script = by_revision[step.up_revision_id]
        connection.execute(
            text(f"INSERT INTO {TABLE} (revision, file, checksum) VALUES (:revision, :file, :checksum)"),
            {"revision": script.revision, "file": script.name, "checksum": script.checksum},
        )

    with EnvironmentContext(Config(), directory, fn=steps) as environment:
        environment.configure(
            connection=connection,
            transaction_per_migration=True,
            on_version_apply=applied,
            version_table=VERSION_TABLE,
        )
        with environment.begin_transaction():
            environment.run_migrations()


def _step(directory: Any, revision: Any, script: Script, begun: Callable[[Script], None]) -> Any:
    step = MigrationStep.upgrade_from_script(directory, revision)
    run = step.migration_fn

    def announced(**arguments: Any) -> None:
        begun(script)
        run(**arguments)

    step.migration_fn = announced
    return step


def _revision(script: Script, before: Script | None) -> Revision:
    module = ModuleType(script.path.stem) if script.is_sql else _load(script)
    module.__dict__.setdefault("__doc__", script.name)
    module.__dict__["revision"] = script.revision
    module.__dict__["down_revision"] = None if before is None else before.revision
    if script.is_sql:
        module.__dict__["upgrade"] = lambda: _run_sql(script)
    return Revision(module, script.revision, str(script.path))


def _load(script: Script) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"migration_{script.path.stem}", script.path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _run_sql(script: Script) -> None:
    """The file as it stands: `%` and `:name` mean nothing, and it may hold many statements."""
    plain = {"no_parameters": True}
    if script.in_transaction:
        op.get_bind().exec_driver_sql(script.text, execution_options=plain)
        return
    with op.get_context().autocommit_block():
        op.get_bind().exec_driver_sql(script.text, execution_options=plain)

"""`runtime.events`."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from runtime.events.destinations import BigQueryTable, Destination, Log
from runtime.events.events import Events
from runtime.events.segments import Segments
from runtime.events.settings import Settings
from runtime.runtime import Runtime


async def provide(runtime: Runtime[Any]) -> Events:
    """Kept in PostgreSQL where the environment has it, else in files; delivered to BigQuery, on a developer's machine to its
    local folder or the log."""
    settings = runtime.program.events_settings or Settings()
    return await runtime.use(Events(runtime.identity, _buffers(runtime, settings), _destination(runtime), settings=settings))


def _buffers(runtime: Runtime[Any], settings: Settings) -> Any:
    if runtime.contract.postgres is None:
        return Segments(_folder(runtime), settings, time.time)
    # Only who has a database has to have its driver installed.
    from runtime.events.outbox import Outbox

    return [Outbox(database, runtime.identity, settings) for database in runtime.postgres.values()]


def _destination(runtime: Runtime[Any]) -> Destination:
    contract = runtime.contract
    assert contract.bigquery is not None
    if contract.on_platform or contract.bigquery.local_folder is not None:
        return BigQueryTable(runtime.bigquery)
    return Log()


def _folder(runtime: Runtime[Any]) -> Path:
    """One for all processes of the service's environment and this user: what one leaves behind, the next delivers."""
    identity = runtime.identity
    return Path(tempfile.gettempdir(), f"runtime-events-{os.getuid()}", identity.name, identity.environment)

"""`runtime.bigquery`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from runtime.bigquery.schema import Column, read_columns
from runtime.bigquery.settings import Settings
from runtime.bigquery.writer import BigQuery
from runtime.runtime import Runtime


async def provide(runtime: Runtime[Any]) -> BigQuery:
    """The writer of rows, to the dataset or, off the platform, to files."""
    contract, program = runtime.contract, runtime.program
    assert contract.bigquery is not None
    settings, schemas = program.bigquery_settings or Settings(), _schemas(program.bigquery_schemas)
    if contract.on_platform:
        writer = BigQuery.connect(contract.bigquery, runtime.google_identity, settings=settings, schemas=schemas)
    else:
        writer = BigQuery.local(contract.bigquery.local_folder, settings=settings, schemas=schemas)
    # Analysts can wait for rows, people not for answers (docs/adr/0033).
    return await runtime.use(writer, needed=False)


def _schemas(folder: Path | None) -> dict[str, Sequence[Column]]:
    """table -> columns, of `<table>.json` each. ValueError, OSError."""
    if folder is None:
        return {}
    return {path.stem: read_columns(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}

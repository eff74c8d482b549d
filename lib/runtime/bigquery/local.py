"""Rows without BigQuery: as JSON lines, one file for each table, or in the log."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from pathlib import Path

from runtime.bigquery.errors import RowError
from runtime.bigquery.queueing import Row

logger = logging.getLogger("runtime.bigquery")


class LocalRows:
    """`folder/<table>.jsonl` gets the rows; without a folder they are log lines of level debug."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    async def send(self, table: str, rows: Sequence[Row], retries: int | None = None) -> list[RowError]:
        if self._folder is None:
            for row in rows:
                logger.debug("a row for table %s: %s", table, json.dumps(row.body))
        else:
            await asyncio.to_thread(self._write, self._folder / f"{table}.jsonl", rows)
        return []

    async def close(self) -> None:
        """Nothing is open."""

    def _write(self, path: Path, rows: Sequence[Row]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(row.body) + "\n" for row in rows)

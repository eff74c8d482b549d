"""Rows that wait: gathered by table into batches, within bounds of memory."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.bigquery.errors import QueueFullError
from runtime.bigquery.settings import Settings


@dataclass(frozen=True)
class Row:
    """One row on its way."""

    insert_id: str
    """By which BigQuery drops a row that comes twice, for about a minute; it stays the same over retries."""
    values: Mapping[str, Any]
    body: Mapping[str, Any] = field(repr=False)
    size: int = 0


class RowQueue:
    """Rows of one writer, all tables. Whoever puts a row waits while there is no room."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._rows: dict[str, deque[Row]] = {}
        self._held_rows = 0
        self._held_bytes = 0
        self._room = asyncio.Condition()
        self._came = asyncio.Event()

    @property
    def rows(self) -> int:
        """Rows that wait or are being sent."""
        return self._held_rows

    @property
    def bytes(self) -> int:
        return self._held_bytes

    async def put(self, table: str, row: Row) -> None:
        """QueueFullError when there is no room within `Settings.wait_timeout`."""
        try:
            async with asyncio.timeout(self._settings.wait_timeout), self._room:
                await self._room.wait_for(lambda: self._fits(row))
        except TimeoutError:
            raise QueueFullError(
                f"{self._held_rows} rows ({self._held_bytes} bytes) wait for BigQuery, and none left within "
                f"{self._settings.wait_timeout:g} s. BigQuery is slow or can't be reached (the log has the reason), or "
                "runtime.bigquery.Settings.queue_rows is too small for the peaks of this service."
            ) from None
        self._rows.setdefault(table, deque()).append(row)
        self._held_rows += 1
        self._held_bytes += row.size
        self._came.set()

    def _fits(self, row: Row) -> bool:
        settings = self._settings
        return self._held_rows == 0 or (
            self._held_rows < settings.queue_rows and self._held_bytes + row.size <= settings.queue_bytes
        )

    async def wait(self) -> None:
        """Until a row is there that nobody has taken."""
        while not any(self._rows.values()):
            self._came.clear()
            await self._came.wait()

    def has_full_batch(self) -> bool:
        return any(
            len(rows) >= self._settings.max_rows or sum(row.size for row in rows) >= self._settings.max_bytes
            for rows in self._rows.values()
        )

    async def until_full(self) -> None:
        """Until one table has a whole batch."""
        while not self.has_full_batch():
            self._came.clear()
            await self._came.wait()

    def take(self) -> list[tuple[str, list[Row]]]:
        """All that waits, in batches that a request may hold. They count as held until `release`."""
        batches = []
        for table, rows in self._rows.items():
            while rows:
                batches.append((table, self._batch(rows)))
        return batches

    def _batch(self, rows: deque[Row]) -> list[Row]:
        batch, size = [rows[0]], rows.popleft().size
        while rows and len(batch) < self._settings.max_rows and size + rows[0].size <= self._settings.max_bytes:
            size += rows[0].size
            batch.append(rows.popleft())
        return batch

    async def emptied(self) -> None:
        """Until no row waits or is being sent."""
        async with self._room:
            await self._room.wait_for(lambda: self._held_rows == 0)

    async def release(self, rows: list[Row]) -> None:
        """They are written or given up: there is room again."""
        async with self._room:
            self._held_rows -= len(rows)
            self._held_bytes -= sum(row.size for row in rows)
            self._room.notify_all()

"""The environment's dataset: rows are gathered, sent in batches, and sent again where that helps."""

from __future__ import annotations

import asyncio
import logging
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from opentelemetry import metrics

from runtime.bigquery.errors import BigQueryError, InvalidRowError, QueueFullError, RowError
from runtime.bigquery.insert_all import InsertAll, encoded_size
from runtime.bigquery.local import LocalRows
from runtime.bigquery.queueing import Row, RowQueue
from runtime.bigquery.schema import Column, problems, to_json
from runtime.bigquery.settings import Settings
from runtime.contract import BigQueryContract
from runtime.google_identity import GoogleIdentity

TABLE = re.compile(r"[A-Za-z0-9_]+")

DEFAULTS = Settings()

logger = logging.getLogger("runtime.bigquery")
meter = metrics.get_meter("runtime.bigquery")

WRITTEN = meter.create_counter("bigquery.writer.rows", unit="{row}", description="Rows by what became of them.")


class Destination(Protocol):
    """Where batches go."""

    async def send(self, table: str, rows: Sequence[Row], retries: int | None = None) -> list[RowError]: ...

    async def close(self) -> None: ...


def log_refused(error: RowError) -> None:
    """What happens to a refused row unless a service wants otherwise: a log line, without the row's values."""
    logger.error("BigQuery refused a row for table %s: %s", error.table, "; ".join(error.reasons))


class BigQuery:
    """`runtime.bigquery`: `await bigquery.write("events", {...})`. A runtime.Resource.

    destination  `InsertAll` on the platform, `LocalRows` on a developer's machine
    schemas      table -> its columns. Where there are any, only these tables exist, and rows are checked
    on_refused   told of each row that BigQuery did not take, or that could not be sent
    new_id       a different text at each call
    """

    name = "bigquery"

    def __init__(
        self,
        destination: Destination,
        *,
        schemas: Mapping[str, Sequence[Column]] | None = None,
        settings: Settings = DEFAULTS,
        on_refused: Callable[[RowError], None] = log_refused,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._destination = destination
        self._schemas = dict(schemas or {})
        self._settings = settings
        self._on_refused = on_refused
        self._new_id = new_id
        self._queue = RowQueue(settings)
        self._task: asyncio.Task[None] | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(settings.parallel)
        self._flush = asyncio.Event()
        self._failure: str | None = None
        self._is_closed = False

    @classmethod
    def connect(
        cls, contract: BigQueryContract, identity: GoogleIdentity, *, settings: Settings = DEFAULTS, **arguments: Any
    ) -> BigQuery:
        """A writer to the real BigQuery. `arguments` are this class' own."""
        return cls(InsertAll(contract, identity, settings), settings=settings, **arguments)

    @classmethod
    def local(cls, folder: Path | None = None, *, settings: Settings = DEFAULTS, **arguments: Any) -> BigQuery:
        """A writer of JSON lines, for a developer's machine."""
        return cls(LocalRows(folder), settings=settings, **arguments)

    async def open(self) -> None:
        self._task = asyncio.create_task(self._run(), name="bigquery writer")

    async def write(self, table: str, row: Mapping[str, Any]) -> None:
        """Hand over one row; it is sent soon, and before `close` ends.

        Raises InvalidRowError for a row that does not fit its table, QueueFullError where rows come too fast for too
        long, BigQueryError after `close`.
        """
        if self._is_closed:
            raise BigQueryError(f"the writer is closed: a row for table {table} came too late")
        await self._queue.put(table, self._row(table, self._columns(table), row, self._new_id()))

    async def insert(
        self, table: str, rows: Mapping[str, Mapping[str, Any]], columns: Sequence[Column], *, retries: int = 0
    ) -> dict[str, tuple[str, ...]]:
        """Write rows that are kept elsewhere until this has returned: insert id -> why, of those that were refused.

        rows     insert id -> row. BigQuery drops what comes again with the same id, for about a minute
        columns  of the table
        retries  how often at most it is tried again

        Raises BigQueryError where none of them was written, or it is not known; `on_refused` is not told of anything.
        """
        refused: dict[str, tuple[str, ...]] = {}
        prepared: dict[str, Row] = {}
        for insert_id, row in rows.items():
            try:
                prepared[insert_id] = self._row(table, columns, row, insert_id)
            except InvalidRowError as error:
                refused[insert_id] = error.reasons
        if prepared:
            async with self._slots:
                errors = await self._destination.send(table, tuple(prepared.values()), retries)
            by_row = {id(row.values): insert_id for insert_id, row in prepared.items()}
            refused |= {by_row[id(error.row)]: error.reasons for error in errors}
            WRITTEN.add(len(prepared) - len(errors), {"db.collection.name": table, "outcome": "written"})
        if refused:
            WRITTEN.add(len(refused), {"db.collection.name": table, "outcome": "refused"})
        return refused

    def _row(self, table: str, columns: Sequence[Column], row: Mapping[str, Any], insert_id: str) -> Row:
        """As it is sent. InvalidRowError where it does not fit."""
        found = list(problems(row, columns)) if columns else []
        if found:
            raise InvalidRowError(table, found)
        try:
            body = to_json(row, columns)
        except TypeError as error:
            raise InvalidRowError(table, [str(error)]) from None
        size = encoded_size(body)
        if size > self._settings.max_row_bytes:
            raise InvalidRowError(table, [f"it has {size} bytes; at most {self._settings.max_row_bytes} can be sent"])
        return Row(insert_id, dict(row), body, size)

    def _columns(self, table: str) -> Sequence[Column]:
        if self._schemas and table not in self._schemas:
            declared = ", ".join(sorted(self._schemas))
            raise InvalidRowError(
                table, [f"no such table (there are: {declared}); add bigquery/{table}.json and name it in the spec"]
            )
        if not TABLE.fullmatch(table):
            raise InvalidRowError(table, ["letters, digits and underscores make a table's name"])
        return self._schemas.get(table, ())

    @property
    def waiting(self) -> int:
        """Rows that are not written yet."""
        return self._queue.rows

    async def flush(self) -> None:
        """Until everything that was handed over before is written or given up."""
        self._flush.set()
        await self._queue.emptied()

    async def check(self) -> None:
        """Raise while rows can't be written: the last batch failed, or the queue is full."""
        if self._task is not None and self._task.done():
            raise BigQueryError("the writer's task has ended")
        if self._failure is not None:
            raise BigQueryError(self._failure)
        if self._queue.rows >= self._settings.queue_rows:
            raise QueueFullError(f"{self._queue.rows} rows wait for BigQuery")

    async def close(self) -> None:
        """Send what is left, within `Settings.close_timeout`. What is not sent by then is reported as refused."""
        self._is_closed = True
        if self._task is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.close_timeout):
                    await self.flush()
            tasks = [self._task, *self._sending]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for table, rows in self._queue.take():
            await self._give_up(table, rows, "the writer was closed before it could be sent")
        await self._destination.close()

    async def _run(self) -> None:
        """Gather until a batch is full, or its first row has waited long enough, or somebody flushes; then send."""
        while True:
            await self._queue.wait()
            full = asyncio.create_task(self._queue.until_full())
            flush = asyncio.create_task(self._flush.wait())
            try:
                await asyncio.wait({full, flush}, timeout=self._settings.max_delay, return_when=asyncio.FIRST_COMPLETED)
            finally:
                full.cancel()
                flush.cancel()
            self._flush.clear()
            for table, rows in self._queue.take():
                task = asyncio.create_task(self._send(table, rows))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)

    async def _send(self, table: str, rows: list[Row]) -> None:
        try:
            async with self._slots:
                refused = await self._destination.send(table, rows)
        except asyncio.CancelledError:
            await self._give_up(table, rows, "the writer was closed before it was sent")
            raise
        except Exception as error:
            self._failure = str(error) or type(error).__name__
            logger.error("%s", self._failure)
            await self._give_up(table, rows, self._failure)
            return
        self._failure = None
        for each in refused:
            self._on_refused(each)
        WRITTEN.add(len(rows) - len(refused), {"db.collection.name": table, "outcome": "written"})
        WRITTEN.add(len(refused), {"db.collection.name": table, "outcome": "refused"})
        await self._queue.release(rows)

    async def _give_up(self, table: str, rows: list[Row], reason: str) -> None:
        WRITTEN.add(len(rows), {"db.collection.name": table, "outcome": "lost"})
        for row in rows:
            self._on_refused(RowError(table, row.values, (reason,)))
        await self._queue.release(rows)

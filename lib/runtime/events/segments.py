"""Events in files, where there is no database: as durable as the folder is.

Each process appends to a file of its own, a line for each event, and hands the line to the kernel before `record` returns: an
event outlives the process however that ends. The file is synced when it is full or about to be delivered, so that a machine
that loses its power loses what was not. A locked file has somebody who writes or delivers it; the kernel ends the locks of a
process that dies, and any other process then delivers its files. On Cloud Run a folder is memory, and ends with its instance:
what must not be lost there needs a database.
"""

from __future__ import annotations

import asyncio
import fcntl
import io
import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from runtime.events.buffer import Backlog, Claim, Outcome
from runtime.events.errors import BufferFullError, BufferUnavailableError
from runtime.events.event import Event, Uuid7
from runtime.events.settings import Settings

T = TypeVar("T")

SUFFIX = ".events"
DEAD = "dead.jsonl"
DEAD_BYTES = 4 * 1024 * 1024
"""Then the file of the dead becomes `dead.jsonl.1`, in place of the one before."""

LOGGER = logging.getLogger("runtime.events")


@dataclass
class _Line:
    """One event in a file."""

    event: Event
    attempts: int = 0
    due_at: float = 0.0
    """Seconds since 1970."""

    def text(self) -> str:
        row = {**self.event.row(), "time": self.event.time.isoformat()}
        return json.dumps({"event": row, "attempts": self.attempts, "due_at": self.due_at}, ensure_ascii=False) + "\n"


@dataclass
class _Held:
    """A file that this process has locked, and what is in it."""

    path: Path
    file: io.BufferedRandom
    lines: list[_Line]


class Segments:
    """The events of one folder. A runtime.events.buffer.Buffer.

    clock  seconds since 1970
    """

    name = "files"

    def __init__(self, folder: Path, settings: Settings, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._settings = settings
        self._clock = clock
        self._new_name = Uuid7(clock)
        self._active: _Held | None = None
        self._written = 0
        self._bytes = 0

    async def open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        await self.tidy()

    async def add(self, event: Event) -> None:
        """Keep an event. BufferFullError; BufferUnavailableError where the disk takes nothing."""
        line = _Line(event).text().encode()
        if self._bytes + len(line) > self._settings.max_waiting_bytes:
            raise BufferFullError(f"{self._bytes} bytes of events wait in {self._folder}")
        try:
            if self._active is None:
                self._active = _locked(self._folder / f"{self._new_name()}{SUFFIX}", create=True)
            if self._active is None:
                raise BufferUnavailableError("a new file is locked already")
            self._active.file.write(line)
            self._active.file.flush()
        except OSError as error:
            raise BufferUnavailableError(f"{self._folder}: {error.strerror}") from None
        self._bytes += len(line)
        self._written += 1
        if self._written >= self._settings.batch:
            self._finish()

    def _finish(self) -> None:
        """The next event begins a new file, and this one may be delivered."""
        if self._active is not None:
            with suppress(OSError):
                os.fsync(self._active.file.fileno())
            self._active.file.close()
        self._active, self._written = None, 0

    async def claim(self, limit: int) -> Claim | None:
        self._finish()
        return await _in_a_thread(self._claim, limit)

    def _claim(self, limit: int) -> Claim | None:
        now = self._clock()
        for path in sorted(self._folder.glob(f"*{SUFFIX}")):
            held = _locked(path)
            if held is None:
                continue
            due = [line.event for line in held.lines if line.due_at <= now]
            if due:
                return Claim(held, due[:limit])
            if not held.lines:
                path.unlink(missing_ok=True)
            held.file.close()
        return None

    async def settle(self, claim: Claim, outcome: Outcome) -> Mapping[UUID, str]:
        return await _in_a_thread(self._settle, claim.token, outcome)

    def _settle(self, held: _Held, outcome: Outcome) -> Mapping[UUID, str]:
        delivered = set(outcome.delivered)
        dead: dict[UUID, str] = {}
        left = []
        for line in held.lines:
            reason = outcome.refused.get(line.event.id)
            if line.event.id in delivered:
                continue
            if reason is not None:
                line.due_at = self._clock() + self._settings.refused_pause * 2**line.attempts
                line.attempts += 1
            if reason is not None and line.attempts >= self._settings.refusals:
                self._bury(line, reason)
                dead[line.event.id] = reason
            else:
                left.append(line)
        before = held.path.stat().st_size
        if left:
            beside = held.path.with_suffix(".new")
            beside.write_text("".join(line.text() for line in left), encoding="utf-8")
            beside.replace(held.path)
        else:
            held.path.unlink(missing_ok=True)
        self._bytes = max(0, self._bytes - before + (held.path.stat().st_size if left else 0))
        held.file.close()
        return dead

    def _bury(self, line: _Line, reason: str) -> None:
        path = self._folder / DEAD
        if path.exists() and path.stat().st_size > DEAD_BYTES:
            path.replace(self._folder / f"{DEAD}.1")
        with path.open("a", encoding="utf-8") as file:
            row = {**line.event.row(), "time": line.event.time.isoformat()}
            file.write(json.dumps({"reason": reason, "event": row}, ensure_ascii=False) + "\n")

    async def tidy(self) -> Backlog:
        """The count is of bytes by their usual size: files are not read for it."""
        self._bytes = await _in_a_thread(self._size)
        return Backlog(self._bytes // 400, None)

    def _size(self) -> int:
        found = 0
        for path in self._folder.glob(f"*{SUFFIX}"):
            # Another process may have delivered it meanwhile.
            with suppress(FileNotFoundError):
                found += path.stat().st_size
        return found

    async def close(self) -> None:
        self._finish()


async def _in_a_thread(work: Callable[..., T], *arguments: Any) -> T:
    """BufferUnavailableError where the disk is at fault."""
    try:
        return await asyncio.to_thread(work, *arguments)
    except OSError as error:
        raise BufferUnavailableError(f"events in files: {error.strerror}") from None


def _locked(path: Path, *, create: bool = False) -> _Held | None:
    """The file, locked and read; None where another one has it, or had it and is done."""
    try:
        file = path.open("x+b" if create else "r+b")
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(file.fileno()).st_ino != path.stat().st_ino:
            raise FileNotFoundError(path)
    except (BlockingIOError, FileNotFoundError):
        file.close()
        return None
    return _Held(path, file, list(_lines(path, file.read())))


def _lines(path: Path, data: bytes) -> Iterator[_Line]:
    """A process that dies may leave half a line as the last one."""
    for number, text in enumerate(data.splitlines(), 1):
        try:
            yield _line(json.loads(text))
        except (ValueError, KeyError, TypeError):
            LOGGER.warning("line %d of %s is no whole event: left out", number, path.name)


def _line(raw: Mapping[str, Any]) -> _Line:
    row = dict(raw["event"])
    event = Event(**{**row, "id": UUID(row["id"]), "time": datetime.fromisoformat(row["time"])})
    return _Line(event, int(raw["attempts"]), float(raw["due_at"]))

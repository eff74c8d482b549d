"""Rows as values, and long lists in pages."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from psycopg.rows import class_row

from accounts.errors import InvalidError
from runtime.postgres import Connection

T = TypeVar("T")

Parameters = Mapping[str, object]

PAGE_SIZE = 25
LARGEST_PAGE = 100


async def all_of(connection: Connection, kind: type[T], query: str, parameters: Parameters) -> list[T]:
    """Each row as a `kind`, whose fields are the columns."""
    async with connection.cursor(row_factory=class_row(kind)) as cursor:
        await cursor.execute(query, parameters)
        return await cursor.fetchall()


async def one_of(connection: Connection, kind: type[T], query: str, parameters: Parameters) -> T | None:
    """The only row, if there is one."""
    async with connection.cursor(row_factory=class_row(kind)) as cursor:
        await cursor.execute(query, parameters)
        return await cursor.fetchone()


async def value_of(connection: Connection, query: str, parameters: Parameters) -> Any:
    """The first column of the only row; None where there is none."""
    row = await (await connection.execute(query, parameters)).fetchone()
    return None if row is None else row[0]


async def changed(connection: Connection, query: str, parameters: Parameters) -> int:
    """How many rows a statement changed."""
    return (await connection.execute(query, parameters)).rowcount


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some of a list, the newest first."""

    items: Sequence[T]
    next: str | None = None
    """What to ask with for those after them; None at the end."""


@dataclass(frozen=True)
class Window:
    """Which part of a list is asked for: `size` entries below the key that a cursor holds."""

    size: int = PAGE_SIZE
    cursor: str | None = None

    @property
    def limit(self) -> int:
        """One more than is shown: so it is known whether there are others."""
        return self.size + 1

    def after_row(self) -> Parameters:
        """`at` and `id` of the last entry seen; InvalidError for a cursor that this service did not make."""
        if self.cursor is None:
            return {"limit": self.limit, "at": None, "id": None}
        at, _, id = self._decoded().partition("|")
        try:
            return {"limit": self.limit, "at": datetime.fromisoformat(at), "id": UUID(id)}
        except ValueError:
            raise _bad_cursor() from None

    def after_number(self) -> Parameters:
        """`id` of the last entry seen, where that is a number."""
        if self.cursor is None:
            return {"limit": self.limit, "id": None}
        text = self._decoded()
        if not re.fullmatch(r"[0-9]{1,18}", text):
            raise _bad_cursor()
        return {"limit": self.limit, "id": int(text)}

    def page(self, found: Sequence[T], key: Callable[[T], str]) -> Page[T]:
        """Of `limit` rows those that are shown. `key` gives what the cursor of a row holds."""
        if len(found) <= self.size:
            return Page(found)
        shown = found[: self.size]
        return Page(shown, base64.urlsafe_b64encode(key(shown[-1]).encode()).decode().rstrip("="))

    def _decoded(self) -> str:
        assert self.cursor is not None
        try:
            padded = self.cursor.encode("ascii") + b"=" * (-len(self.cursor) % 4)
            return base64.urlsafe_b64decode(padded).decode("ascii")
        except (ValueError, binascii.Error):
            raise _bad_cursor() from None


def _bad_cursor() -> InvalidError:
    return InvalidError("The cursor is none of this list's.", {"cursor": "take it from `next` of the page before"})


def by_age(at: datetime, id: UUID) -> str:
    """The key of lists that are ordered by age."""
    return f"{at.isoformat()}|{id}"


def containing(text: str) -> str:
    """A pattern for LIKE that finds `text` anywhere, taken literally."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""Marks that turn the direction of text: a name must not change how the page around it reads."""


def clean(text: str, longest: int) -> str:
    """A text of one line as people see it: no control characters, single spaces, not longer than that."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text if c not in DIRECTIONS)
    storable = kept.encode("utf-8", "ignore").decode()
    return " ".join(storable.split())[:longest].strip()


def required(text: str, field: str, longest: int) -> str:
    """Likewise, but not empty: InvalidError."""
    found = clean(text, longest + 1)
    if not found:
        raise InvalidError("Something is missing.", {field: "must not be empty"})
    if len(found) > longest:
        raise InvalidError("Something is too long.", {field: f"at most {longest} characters"})
    return found

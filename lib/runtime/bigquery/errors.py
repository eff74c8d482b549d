"""What can go wrong with rows on their way to BigQuery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RowError:
    """A row that was not taken, with everything that is wrong with it."""

    table: str
    row: Mapping[str, Any]
    reasons: tuple[str, ...]
    """Each names its column where there is one; none quotes a value."""


class BigQueryError(Exception):
    """Rows can't be written. The message holds no token and no value of a row."""

    status: int | None = None
    """Of the answer that said so, where there was one."""


class InvalidRowError(BigQueryError):
    """A row does not fit its table's columns."""

    def __init__(self, table: str, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(f"a row for table {table} does not fit: " + "; ".join(self.reasons))


class QueueFullError(BigQueryError):
    """Rows come faster than they can be written, for longer than a caller waits."""

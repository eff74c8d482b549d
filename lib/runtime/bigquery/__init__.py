"""BigQuery: a writer of rows."""

from __future__ import annotations

from runtime.bigquery.errors import BigQueryError, InvalidRowError, QueueFullError, RowError
from runtime.bigquery.schema import Column, read_columns
from runtime.bigquery.settings import Settings
from runtime.bigquery.writer import BigQuery

__all__ = [
    "BigQuery",
    "BigQueryError",
    "Column",
    "InvalidRowError",
    "QueueFullError",
    "RowError",
    "Settings",
    "read_columns",
]

"""How rows are gathered and sent, unless a service says otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """All times in seconds. Limits: https://cloud.google.com/bigquery/quotas#streaming_inserts"""

    max_rows: int = 500
    """Rows of one request: what Google recommends; 50 000 are allowed."""
    max_bytes: int = 1_000_000
    """Bytes of one request's rows; 10 MB are allowed."""
    max_row_bytes: int = 9_000_000
    """A bigger row is refused at once: no request could hold it."""
    max_delay: float = 1.0
    """How long a row waits for others."""
    queue_rows: int = 10_000
    """Rows that wait in memory, of all tables. Then callers wait, which is what slows them down to what BigQuery takes."""
    queue_bytes: int = 50_000_000
    wait_timeout: float = 5.0
    """How long a caller waits for room."""
    parallel: int = 4
    """Requests at a time."""
    request_timeout: float = 20.0
    retries: int = 8
    retry_base: float = 0.25
    retry_cap: float = 30.0
    """The pause before a retry doubles from the base up to here; half of it is chance. `Retry-After` is followed."""
    close_timeout: float = 8.0
    """How long the end may take to send what is left: Cloud Run allows ten seconds."""

"""What can go wrong before and beside a statement. What the server says of a statement stays psycopg's own error.

    psycopg.OperationalError
    ├── PoolExhaustedError        all connections are in use, and none came back in time
    ├── DatabaseUnavailableError  no connection can be made
    └── NoAnswerError             a statement was sent and nothing came back: whether it was done is not known
"""

from __future__ import annotations

import psycopg


class PoolExhaustedError(psycopg.OperationalError):
    """No connection became free within the time that a caller waits for one."""


class DatabaseUnavailableError(psycopg.OperationalError):
    """No connection can be made, or none was made in time."""


class NoAnswerError(psycopg.OperationalError):
    """The server said nothing for longer than a statement may take. The connection is given up."""


def one_line(error: BaseException) -> str:
    """An error as one line of text, for logs and probes."""
    return " ".join(str(error).split()) or type(error).__name__


def is_retryable(error: BaseException) -> bool:
    """Whether the server asks to do a transaction again.

    https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html
    """
    return isinstance(error, (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected))

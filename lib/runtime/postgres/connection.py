"""psycopg's connection with two things more: spans around statements, and an end to waiting for a server that is gone."""

from __future__ import annotations

import asyncio
import os
import select
import socket
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self, TypeVar

import psycopg
from psycopg.abc import PQGen

from runtime.postgres import tracing
from runtime.postgres.errors import NoAnswerError

T = TypeVar("T")

Attributes = Mapping[str, str | int]


class Cursor(psycopg.AsyncCursor[Any]):
    """A cursor whose statements are spans."""

    async def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        connection = _ours(self.connection)
        with tracing.statement(connection.target, query, params if connection.trace_arguments else None):
            return await super().execute(query, params, **options)

    async def executemany(self, query: Any, params_seq: Iterable[Any], *, returning: bool = False) -> None:
        with tracing.statement(_ours(self.connection).target, query):
            await super().executemany(query, params_seq, returning=returning)


class Connection(psycopg.AsyncConnection[Any]):
    """A connection of a pool."""

    target: Attributes
    trace_arguments = False
    patience: float | None = None
    """Seconds that the server may take for anything; None for ever."""
    used_at: float = 0.0
    """When it was last given back, on its pool's clock."""
    _given_up = False
    _listens = False

    @classmethod
    async def connect(  # type: ignore[override]
        cls, conninfo: str = "", *, observer: Callable[[BaseException | None], None], **arguments: Any
    ) -> Self:
        """As psycopg's own. `observer` is told of each attempt: the error, or None."""
        try:
            connection = await super().connect(conninfo, cursor_factory=Cursor, **arguments)
        except Exception as error:
            observer(error)
            # What an error remembers of its making holds the attempt's socket open for as long as anybody keeps the error.
            error.__context__ = None
            raise error.with_traceback(None) from None
        observer(None)
        return connection

    async def wait(self, gen: PQGen[T], *args: Any, **options: Any) -> T:
        """Drive one exchange with the server. NoAnswerError when it takes longer than `patience`.

        The server's own statement_timeout comes first. This is for the server, or the network, that says nothing at all.
        """
        if self.patience is None or self._listens:
            return await super().wait(gen, *args, **options)
        timer = asyncio.get_running_loop().call_later(self.patience, self._give_up)
        try:
            return await super().wait(gen, *args, **options)
        except psycopg.OperationalError:
            if not self._given_up:
                raise
            database = self.target.get("db.namespace", "")
            raise NoAnswerError(
                f"database {database} gave no answer within {self.patience:g} s; whether the statement was done is not known"
            ) from None
        finally:
            timer.cancel()

    def _give_up(self) -> None:
        """Close both directions under psycopg, which then sees a connection that has ended."""
        self._given_up = True
        try:
            with socket.socket(fileno=os.dup(self.pgconn.socket)) as raw:
                raw.shutdown(socket.SHUT_RDWR)
        except (OSError, psycopg.Error):
            pass  # It has ended by itself.

    async def notifies(self, **options: Any) -> AsyncGenerator[psycopg.Notify]:
        """As psycopg's own: waiting for a notification has no end."""
        self._listens = True
        try:
            async for notify in super().notifies(**options):
                yield notify
        finally:
            self._listens = False

    @contextmanager
    def patient(self, seconds: float | None) -> Iterator[None]:
        """With another patience for a while."""
        before, self.patience = self.patience, seconds
        try:
            yield
        finally:
            self.patience = before

    def has_unread(self) -> bool:
        """Whether something has come while nothing was asked: mostly the connection's end. Costs no round trip."""
        poll = select.poll()
        poll.register(self.pgconn.socket, select.POLLIN)
        return bool(poll.poll(0))


def _ours(connection: object) -> Connection:
    assert isinstance(connection, Connection)
    return connection

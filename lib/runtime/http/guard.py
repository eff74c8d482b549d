"""Stands before the service's application: a span per request, time and size limits, and an answer whatever happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from ..observability.request_scope import request_of, set_current
from ..service import App, Limits, Message, Receive, Scope, Send
from .answers import problem
from .deadlines import Deadlines
from .tracing import RequestSpan, RequestTelemetry

LOGGER = logging.getLogger("runtime.http")
ACCESS = logging.getLogger("runtime.access")

CLOSE = (b"connection", b"close")


class BodyTooLarge(Exception):
    """What the application's `receive` raises once the body is over the limit."""


class Guard:
    """ASGI middleware.

    draining     whether the process is about to stop: connections are told to close then
    access_log   whether each request gets a log line; Cloud Run writes its own
    """

    def __init__(
        self, app: App, limits: Limits, telemetry: RequestTelemetry, draining: Callable[[], bool], *, access_log: bool
    ) -> None:
        self.app = app
        self.limits = limits
        self.telemetry = telemetry
        self.draining = draining
        self.access_log = access_log
        self.deadlines = None if limits.response_seconds is None else Deadlines(limits.response_seconds)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        # Not a coroutine of its own: on the way of every request each of them is felt.
        if scope["type"] != "http":
            return self.app(scope, receive, send)
        return Exchange(self, scope, receive, send).run()


class Exchange:
    """One request and its response."""

    __slots__ = ("_expired", "_guard", "_receive", "_received", "_refused", "_scope", "_send", "_status", "_task")

    def __init__(self, guard: Guard, scope: Scope, receive: Receive, send: Send) -> None:
        self._guard = guard
        self._scope = scope
        self._receive = receive
        self._send = send
        self._received = 0
        self._task: asyncio.Task[object] | None = None
        self._expired = False
        self._refused = False
        """Whether the body is too large: what the application answers then is not sent."""
        self._status = 0
        """Of the response; 0 until it begins."""

    async def run(self) -> None:
        """Answer, and say how it went."""
        set_current(self._scope)
        span = RequestSpan(self._guard.telemetry, self._scope)
        error: BaseException | None = None
        try:
            error = await self._answered()
        except BaseException as cut_off:
            error = cut_off
            raise
        finally:
            seconds = span.end(self._status, error)
            if self._guard.access_log:
                self._log(seconds)

    async def _answered(self) -> BaseException | None:
        """Let the application answer, or answer for it. Returns what it raised."""
        if self._announces_too_much():
            await self._answer(413, self._too_large())
            return None
        deadlines = self._guard.deadlines
        if deadlines is not None:
            self._task = asyncio.current_task()
            deadlines.add(self._expire)
        try:
            await self._guard.app(self._scope, self._receive_some, self._send_some)
        except BodyTooLarge:
            pass
        except asyncio.CancelledError as error:
            if self._expired and self._task is not None and self._task.uncancel() == 0:
                LOGGER.warning("no response within %g s", self._guard.limits.response_seconds, extra=self._facts(504))
                await self._answer(504, "The service took too long to respond.")
                return error
            # The grace of a stop is over. What has begun is broken off, what has not is told to come again.
            await self._answer(503, "The service is stopping. Try again.")
            raise
        except Exception as error:
            if not self._refused:
                return await self._failed(error)
        finally:
            if deadlines is not None:
                deadlines.remove(self._expire)
        if self._refused:
            await self._answer(413, self._too_large())
        return None

    def _expire(self) -> None:
        assert self._task is not None
        self._expired = True
        self._task.cancel()

    async def _failed(self, error: Exception) -> Exception:
        LOGGER.error("%s was not handled", type(error).__name__, exc_info=error, extra=self._facts(self._status or 500))
        if self._status == 0:
            await self._answer(500, "The service failed. Its operators have been told.")
        return error

    async def _answer(self, status: int, detail: str) -> None:
        """In the application's stead, unless it has begun. The rest of the request is not read: the connection ends."""
        if self._status == 0:
            self._status = status
            await problem(self._send, status, detail, CLOSE, head=self._scope["method"] == "HEAD")

    def _announces_too_much(self) -> bool:
        limit = self._guard.limits.body_bytes
        if limit is None or self._scope["method"] == "GET":
            return False
        for name, value in self._scope["headers"]:
            if name == b"content-length":
                return value.isdigit() and int(value) > limit
        return False

    def _too_large(self) -> str:
        return f"The request's body is over the limit of {self._guard.limits.body_bytes} bytes."

    def _log(self, seconds: float) -> None:
        request = request_of(self._scope)
        ACCESS.info(
            "%s %s %d %.1f ms", request.method, request.path, self._status, seconds * 1000,
            extra={"httpRequest": request.for_logging(self._status, seconds)},
        )  # fmt: skip

    def _facts(self, status: int) -> dict[str, object]:
        return {"httpRequest": request_of(self._scope).for_logging(status, 0.0)}

    async def _receive_some(self) -> Message:
        message = await self._receive()
        limit = self._guard.limits.body_bytes
        if limit is not None and message["type"] == "http.request":
            self._received += len(message.get("body", b""))
            if self._received > limit:
                self._refused = True
                raise BodyTooLarge
        return message

    async def _send_some(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if self._refused:
                return
            self._status = message["status"]
            # From here on the response is under way: however long it streams, it is not cut off by this limit.
            if self._guard.deadlines is not None:
                self._guard.deadlines.remove(self._expire)
            if self._guard.draining():
                message = {**message, "headers": [*message.get("headers", ()), CLOSE]}
        elif self._status == 0:
            return
        await self._send(message)

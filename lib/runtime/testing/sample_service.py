"""A service that does, when asked, everything that a service may do wrong. The library's own tests run it."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from dataclasses import dataclass
from urllib.parse import parse_qs

from runtime import App, Limits, Runtime, Service, env, start
from runtime.service import Receive, Scope, Send

LOGGER = logging.getLogger("sample")


@dataclass(frozen=True)
class Config:
    background: str = env.choice(
        "BACKGROUND", ("none", "dies", "ends", "again"), default="none", help="What the background task does."
    )
    start: str = env.choice(
        "START", ("fine", "fails", "hangs", "undeclared", "exits"), default="fine", help="How the start goes."
    )
    greeting: str = env.str("GREETING", default="hello", help="What / says.")


class SampleService(Service[Config]):
    name = "sample"
    version = "1.2.3"
    description = "A service for tests."
    config = Config
    limits = Limits(response_seconds=0.5, body_bytes=1000)

    async def initialize(self, runtime: Runtime[Config]) -> App:
        how = runtime.config.start
        if how == "fails":
            raise ConnectionError("upstream is away")
        if how == "undeclared":
            runtime.postgres["sample"]
        if how == "exits":
            sys.exit(7)
        if how == "hangs":
            LOGGER.info("hanging")
            await asyncio.sleep(3600)
        if runtime.config.background != "none":
            await _in_background(runtime)
        return _app(runtime)


async def _in_background(runtime: Runtime[Config]) -> None:
    how = runtime.config.background
    times = 0

    async def run() -> None:
        nonlocal times
        times += 1
        if how == "ends" or times > 2:
            return
        raise LookupError(f"lost the thread for the {times}. time")

    from runtime.lifecycle.background import Restart

    again = Restart(first=0.01) if how == "again" else None
    runtime.background("reader", run, restart=again, may_end=how == "again")


def _app(runtime: Runtime[Config]) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError
        await _answer(runtime, scope, receive, send)

    return app


async def _answer(runtime: Runtime[Config], scope: Scope, receive: Receive, send: Send) -> None:
    query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
    path = scope["path"]
    if path == "/sleep":
        LOGGER.info("sleeping")
        await asyncio.sleep(float(query["seconds"]))
    if path == "/block":
        time.sleep(float(query["seconds"]))
    if path == "/log":
        LOGGER.info("working", extra={"customer": 7})
    if path == "/boom":
        raise RuntimeError("it went wrong")
    if path == "/echo":
        await _echo(receive, send)
        return
    if path == "/stream":
        await _stream(send, int(query["chunks"]), float(query["seconds"]), query.get("break"))
        return
    body = json.dumps({"greeting": runtime.config.greeting, "path": path}).encode()
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(body)).encode())]}
    )
    await send({"type": "http.response.body", "body": body})


async def _echo(receive: Receive, send: Send) -> None:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


async def _stream(send: Send, chunks: int, seconds: float, broken: str | None) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for number in range(chunks):
        await send({"type": "http.response.body", "body": f"{number}\n".encode(), "more_body": True})
        await asyncio.sleep(seconds)
        if broken:
            raise RuntimeError("half-way")
    await send({"type": "http.response.body", "body": b""})


if __name__ == "__main__":
    start(SampleService())

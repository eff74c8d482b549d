"""Callers, each with a connection of its own: `gateway_load.py PORT CALLERS SECONDS CHUNKS PAUSE`, prints JSON.

CHUNKS 0 asks for whole answers. TOKEN is the key that the gateway wants.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import time
from typing import cast

import uvloop

WRITTEN = re.compile(rb"@(\d+)@")
END = b"0\r\n\r\n"


class Caller(asyncio.Protocol):
    """Asks again as soon as it is answered, until the time is up."""

    def __init__(self, request: bytes, stream: bool, until: float) -> None:
        self._request, self._stream, self._until = request, stream, until
        self._answer = bytearray()
        self.answered = 0
        self.delays: list[int] = []
        """Nanoseconds from the writing of a chunk to its arrival here."""
        self.failure: str | None = None
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclasses of asyncio's.
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic_ns()
        self._answer += data
        if self._stream:
            self.delays += [now - int(written) for written in WRITTEN.findall(data)]
        if not (self._answer.endswith(END) if self._stream and self._is_fine() else self._is_whole()):
            return
        if not self._is_fine():
            self.failure = repr(bytes(self._answer[:200]))
            self._transport.close()
            return
        self.answered += 1
        self._answer.clear()
        if time.perf_counter() < self._until:
            self._transport.write(self._request)
        else:
            self._transport.close()

    def _is_fine(self) -> bool:
        return self._answer.startswith(b"HTTP/1.1 200 ")

    def _is_whole(self) -> bool:
        if self._answer.endswith(END):
            return True
        head, _, body = self._answer.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        return length is not None and len(body) >= int(length[1])

    def connection_lost(self, exc: Exception | None) -> None:
        if time.perf_counter() < self._until and self.failure is None:
            self.failure = f"connection lost: {exc} {bytes(self._answer[:200])!r}"
        self.done.set_result(None)


async def load(port: int, callers: int, seconds: float, chunks: int, pause: float) -> dict[str, object]:
    body = json.dumps(
        {
            "model": "gpt-4o-mini", "messages": [{"role": "user", "content": "say hello " * 8}], "stream": chunks > 0,
            "stream_options": {"include_usage": True}, "user": f"{chunks} {pause}",
        }
        if chunks
        else {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "say hello " * 8}]}
    ).encode()  # fmt: skip
    request = (
        f"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {os.environ['TOKEN']}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    ).encode() + body
    started = time.perf_counter()
    made = [Caller(request, chunks > 0, started + seconds) for _ in range(callers)]
    loop = asyncio.get_running_loop()
    for caller in made:
        await loop.create_connection(lambda caller=caller: caller, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*(caller.done for caller in made))
    took = time.perf_counter() - started
    delays = sorted(delay for caller in made for delay in caller.delays)
    return {
        "answered": sum(caller.answered for caller in made),
        "per_second": sum(caller.answered for caller in made) / took,
        "p50": delays[len(delays) // 2] / 1e6 if delays else 0.0,
        "p99": delays[int(len(delays) * 0.99)] / 1e6 if delays else 0.0,
        "failures": [caller.failure for caller in made if caller.failure],
    }


if __name__ == "__main__":
    port, callers, seconds, chunks, pause = sys.argv[1:]
    work = load(int(port), int(callers), float(seconds), int(chunks), float(pause))
    print(json.dumps(asyncio.Runner(loop_factory=uvloop.new_event_loop).run(work)))

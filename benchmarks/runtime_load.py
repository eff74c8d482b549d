"""A closed loop of callers, each with a connection of its own: `runtime_load.py PORT CONNECTIONS SECONDS`, prints JSON."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import cast

import uvloop

REQUEST = b"GET / HTTP/1.1\r\nhost: localhost\r\nuser-agent: benchmark\r\n\r\n"


class Caller(asyncio.Protocol):
    """Asks again as soon as it is answered."""

    def __init__(self, latencies: list[float], failures: list[str], until: float) -> None:
        self._latencies, self._failures, self._until = latencies, failures, until
        self._asked = 0.0
        self._answer = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclasses of asyncio's.
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if not self._answer.startswith(b"HTTP/1.1 200 "):
            self._failures.append(repr(data[:60]))
        elif not self._answer.endswith(b"hello, world"):
            return
        now = time.perf_counter()
        self._latencies.append(now - self._asked)
        if now < self._until:
            self._ask()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if time.perf_counter() < self._until:
            self._failures.append(f"connection lost: {exc}")
        self.done.set_result(None)

    def _ask(self) -> None:
        self._answer = b""
        self._asked = time.perf_counter()
        self._transport.write(REQUEST)


async def load(port: int, connections: int, seconds: float) -> dict[str, object]:
    latencies: list[float] = []
    failures: list[str] = []
    started = time.perf_counter()
    callers = [Caller(latencies, failures, started + seconds) for _ in range(connections)]
    loop = asyncio.get_running_loop()
    for caller in callers:
        await loop.create_connection(lambda caller=caller: caller, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*(caller.done for caller in callers))
    took = time.perf_counter() - started
    latencies.sort()
    return {
        "answered": len(latencies),
        "requests": len(latencies) / took,
        "p50": latencies[len(latencies) // 2] * 1000,
        "p99": latencies[int(len(latencies) * 0.99)] * 1000,
        "failures": failures,
    }


if __name__ == "__main__":
    port, connections, seconds = sys.argv[1:]
    made = asyncio.Runner(loop_factory=uvloop.new_event_loop).run(load(int(port), int(connections), float(seconds)))
    print(json.dumps(made))

"""A stand-in for OpenAI and Anthropic: `python -m gateway.testing.upstream [PORT]`, prints its URL.

It speaks the real wire formats over real HTTP, and what real ones do wrong. The last word of the prompt that begins with `!`
says how: `!slow`, `!cut`, `!malformed`, … (see `answers.py`); without one the answer is in order. It keeps nothing of a
prompt; `/-/seen` tells headers and bodies of the latest requests, and how many are being answered.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from gateway.testing.answers import Sent, answer

_WISH = re.compile(r"!([a-z0-9_]+)(?::(\d+))?")


@dataclass
class Seen:
    """What the stand-in tells of itself."""

    requests: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=500))
    answering: int = 0
    cancelled: int = 0
    """Answers whose reader left."""
    total: int = 0


class UpstreamServer:
    def __init__(self) -> None:
        self.seen = Seen()

    async def serve(self, port: int = 0) -> asyncio.Server:
        return await asyncio.start_server(self._connection, "127.0.0.1", port, limit=16 * 1024 * 1024)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (head := await _head(reader)) is not None:
                path, headers = head
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                if path == "/-/seen":
                    writer.write(_plain(json.dumps(self._told()).encode()))
                elif not await self._answer(path, headers, body, reader, writer):
                    break
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _told(self) -> dict[str, Any]:
        seen = self.seen
        return {
            "requests": list(seen.requests), "answering": seen.answering, "cancelled": seen.cancelled, "total": seen.total,
        }  # fmt: skip

    async def _answer(
        self, path: str, headers: dict[str, str], body: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Whether the connection goes on. The answer ends as soon as its reader leaves."""
        content = json.loads(body)
        self.seen.requests.append({"path": path, "headers": headers, "body": content})
        self.seen.total += 1
        found = _WISH.findall(body.decode())
        wish, number = found[-1] if found else ("", "")
        self.seen.answering += 1
        work = asyncio.create_task(_send(answer(path, headers, content, wish, int(number or 0), self.seen.total), writer))
        gone = asyncio.create_task(reader.read(1))
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return await work
            self.seen.cancelled += 1
            return False
        finally:
            self.seen.answering -= 1
            for task in (work, gone):
                task.cancel()
            await asyncio.gather(work, gone, return_exceptions=True)


async def _send(sent: Any, writer: asyncio.StreamWriter) -> bool:
    """Bytes as they are, pauses between them; `Sent.CUT` closes at once."""
    async for part in sent:
        if part is Sent.CUT:
            await writer.drain()
            writer.transport.abort()
            return False
        writer.write(part)
        await writer.drain()
    return True


async def _head(reader: asyncio.StreamReader) -> tuple[str, dict[str, str]] | None:
    """Path and headers of the next request; None at the end."""
    try:
        text = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = text.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return first.split(" ")[1], headers


def _plain(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)


async def main(port: int) -> None:
    server = await UpstreamServer().serve(port)
    print(f"upstream stand-in on http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
    except KeyboardInterrupt:
        pass

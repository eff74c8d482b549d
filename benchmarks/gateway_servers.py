"""The servers of benchmarks f and g: `gateway_servers.py upstream|plain|gateway`; PORT and, for the latter two, UPSTREAM.

upstream   streams as OpenAI does; each chunk carries the time at which it was written
plain      a reverse proxy as one writes it: Starlette's StreamingResponse around httpx's stream, nothing else
gateway    services/gateway
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from typing import Any

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
LAST = b'data: {"choices":[],"usage":{"prompt_tokens":20,"completion_tokens":50,"total_tokens":70}}\n\ndata: [DONE]\n\n'
ANSWER = json.dumps(
    {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hello " * 50}}],
        "usage": {"prompt_tokens": 20, "completion_tokens": 50, "total_tokens": 70},
    }
).encode()  # fmt: skip
WHOLE = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER)


async def upstream() -> None:
    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
                body = json.loads(await reader.readexactly(length))
                if not body.get("stream"):
                    writer.write(WHOLE)
                    continue
                chunks, pause = body["user"].split()
                writer.write(HEAD)
                for _ in range(int(chunks)):
                    if float(pause):
                        await asyncio.sleep(float(pause))
                    writer.write(_chunk(_event()))
                    await writer.drain()
                writer.write(_chunk(LAST) + b"0\r\n\r\n")
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", int(os.environ["PORT"]))
    await server.serve_forever()


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _event() -> bytes:
    """About as long as OpenAI's. The monotonic clock is the same in all processes of a machine."""
    return (
        b'data: {"id":"chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012","object":"chat.completion.chunk","created":1700000000,'
        b'"model":"gpt-4o-mini","system_fingerprint":"fp_0123456789","choices":[{"index":0,"delta":{"content":" w@%d@"},'
        b'"logprobs":null,"finish_reason":null}],"usage":null}\n\n' % time.monotonic_ns()
    )


def plain() -> None:
    import httpx
    import uvicorn
    from starlette.applications import Starlette
    from starlette.background import BackgroundTask
    from starlette.requests import Request
    from starlette.responses import StreamingResponse
    from starlette.routing import Route

    limits = httpx.Limits(max_connections=None, max_keepalive_connections=1000)
    client = httpx.AsyncClient(base_url=os.environ["UPSTREAM"], timeout=60, limits=limits)

    async def proxy(request: Request) -> StreamingResponse:
        asked = client.build_request(
            "POST", request.url.path, content=await request.body(), headers={"content-type": "application/json"}
        )
        answer = await client.send(asked, stream=True)
        return StreamingResponse(
            answer.aiter_raw(), answer.status_code, {"content-type": answer.headers["content-type"]},
            background=BackgroundTask(answer.aclose),
        )  # fmt: skip

    app = Starlette(routes=[Route("/v1/chat/completions", proxy, methods=["POST"])])
    uvicorn.run(app, port=int(os.environ["PORT"]), loop="uvloop", http="httptools", access_log=False, log_level="error")


def gateway() -> None:
    from gateway.service import Gateway
    from runtime import start

    start(Gateway())


def _run(work: Any) -> None:
    import uvloop

    asyncio.Runner(loop_factory=uvloop.new_event_loop).run(work)


if __name__ == "__main__":
    # A service takes no arguments.
    {"upstream": lambda: _run(upstream()), "plain": plain, "gateway": gateway}[sys.argv.pop()]()

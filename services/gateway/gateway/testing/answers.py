"""The stand-in's answers, byte for byte as the providers write them.

OpenAI: https://platform.openai.com/docs/api-reference/chat-streaming , Anthropic:
https://docs.anthropic.com/en/docs/build-with-claude/streaming . Wishes, and what the number after the colon is:

    stream:N          N chunks instead of 5          pings            comments and pings between events (SSE keep-alives)
    slow:MS           so long before each chunk      crlf             lines end with CR LF
    hang              no answer at all               silent           the stream begins and then says nothing
    endless           a stream without an end        split            a byte at a time, UTF-8 and events cut anywhere
    cut:N             the connection dies after N    early_end:N      ends in order after N events, without a last word
    malformed         events that are no JSON        no_usage         usage is missing
    gzip              compressed, though unasked     error_event      an error in the middle of the stream
    refused           400 with secrets in its text   unauthorized     401, as if the key were wrong
    status:CODE       that status                    busy:SECONDS     429 with retry-after
    flaky:N           500 for requests whose count does not divide by N
    garbage           no HTTP at all                 drop             the connection is closed without an answer
"""

from __future__ import annotations

import asyncio
import enum
import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

WORDS = ("Grüße", " aus", " Zürich", " 👋", " 東京", ".")


class Sent(enum.Enum):
    CUT = "cut"


Parts = AsyncIterator[bytes | Sent]


async def answer(path: str, headers: dict[str, str], content: dict[str, Any], wish: str, number: int, count: int) -> Parts:
    """Whole responses, head included."""
    if wish == "hang":
        await asyncio.Event().wait()
    if wish == "drop":
        yield Sent.CUT
    elif wish == "garbage":
        yield b"220 mail.example ESMTP\r\n\r\n"
        yield Sent.CUT
    elif (status := _status(wish, number, count)) is not None:
        yield _error(path, status, headers, number)
    elif wish == "gzip":
        yield _whole(gzip.compress(json.dumps(_answer(path, content, "")).encode()), b"content-encoding: gzip\r\n")
    elif content.get("stream"):
        async for part in _stream(path, content, wish, number):
            yield part
    else:
        if wish == "slow":
            await asyncio.sleep(number / 1000)
        yield _whole(b"{not json" if wish == "malformed" else json.dumps(_answer(path, content, wish)).encode())


def _status(wish: str, number: int, count: int) -> int | None:
    if wish == "flaky":
        return None if count % number == 0 else 500
    return {"refused": 400, "unauthorized": 401, "busy": 429}.get(wish, number if wish == "status" else None)


def _error(path: str, status: int, headers: dict[str, str], number: int) -> bytes:
    key = headers.get("authorization", headers.get("x-api-key", ""))
    message = (
        f"Incorrect API key provided: {key}, organization org-Secret0rganisation: see https://platform.openai.com/account/api-keys"
        f" or ask admin@acme.example; max_tokens is too large"
    )
    body = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": "x"}}
    if path == "/v1/messages":
        body = {"type": "error", "error": {"type": "invalid_request_error", "message": message}}  # type: ignore[dict-item]
    more = b"openai-organization: org-Secret0rganisation\r\nx-request-id: req_secret\r\n"
    if status == 429:
        more += b"retry-after: %d\r\n" % number
    return _whole(json.dumps(body).encode(), more, status)


def _whole(body: bytes, more: bytes = b"", status: int = 200) -> bytes:
    head = b"HTTP/1.1 %d X\r\ncontent-type: application/json\r\n%sset-cookie: __cf_bm=secret\r\n" % (status, more)
    return head + b"openai-organization: org-Secret0rganisation\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)


def _answer(path: str, content: dict[str, Any], wish: str) -> dict[str, Any]:
    text = "".join(WORDS)
    model = content["model"]
    if path == "/v1/messages":
        made: dict[str, Any] = {
            "id": "msg_1", "type": "message", "role": "assistant", "model": model, "stop_reason": "end_turn",
            "content": [{"type": "text", "text": text}],
            "usage": {"input_tokens": 11, "output_tokens": 7, "cache_read_input_tokens": 3, "cache_creation_input_tokens": 0},
        }  # fmt: skip
    elif path == "/v1/embeddings":
        made = {
            "object": "list", "model": model, "data": [{"object": "embedding", "index": 0, "embedding": [0.1, -0.2]}],
            "usage": {"prompt_tokens": 9, "total_tokens": 9},
        }  # fmt: skip
    else:
        message = {"text": text} if path == "/v1/completions" else {"message": {"role": "assistant", "content": text}}
        made = {
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": model,
            "choices": [{"index": 0, "finish_reason": "stop", **message}],
            "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
        }  # fmt: skip
    if wish == "no_usage":
        del made["usage"]
    return made


async def _stream(path: str, content: dict[str, Any], wish: str, number: int) -> Parts:
    yield (
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n"
        b"openai-organization: org-Secret0rganisation\r\nset-cookie: __cf_bm=secret\r\n\r\n"
    )
    if wish == "silent":
        await asyncio.Event().wait()
    events = (anthropic_events if path == "/v1/messages" else openai_events)(path, content, wish, number)
    sent = 0
    for event in events:
        if wish in ("cut", "early_end") and sent == number:
            break
        if wish in ("slow", "endless"):
            await asyncio.sleep((number or 1) / 1000)
        if wish == "crlf":
            event = event.replace(b"\n", b"\r\n")
        for piece in ([event[at : at + 1] for at in range(len(event))] if wish == "split" else [event]):
            yield b"%x\r\n%s\r\n" % (len(piece), piece)
        sent += 1
    if wish == "cut":
        yield b"20\r\ndata: {"
        yield Sent.CUT
    else:
        yield b"0\r\n\r\n"


def _count(wish: str, number: int) -> int:
    return 10**9 if wish == "endless" else number if wish == "stream" else 5


def _event(data: object, name: str = "") -> bytes:
    prefix = f"event: {name}\n" if name else ""
    return f"{prefix}data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def openai_events(path: str, content: dict[str, Any], wish: str, number: int) -> Any:
    """Events of a stream of chat completions or completions."""
    include = (content.get("stream_options") or {}).get("include_usage")
    base = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": content["model"]}
    extra = {"usage": None} if include else {}
    for index in range(_count(wish, number)):
        word = WORDS[index % len(WORDS)]
        choice = {"text": word} if path == "/v1/completions" else {"delta": {"content": word}}
        if wish == "malformed" and index == 2:
            yield b"data: {this is no json\n\n"
        if wish == "pings":
            yield b": keep-alive\n\n"
        if wish == "error_event" and index == 3:
            yield _event({"error": {"message": "The server had an error", "type": "server_error"}})
            return
        yield _event({**base, "choices": [{"index": 0, **choice, "finish_reason": None}], **extra})
    yield _event({**base, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], **extra})
    if include and wish != "no_usage":
        yield _event({**base, "choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}})
    yield b"data: [DONE]\n\n"


def anthropic_events(path: str, content: dict[str, Any], wish: str, number: int) -> Any:
    """Events of a stream of a message."""
    usage = {} if wish == "no_usage" else {"usage": {"input_tokens": 11, "output_tokens": 1, "cache_read_input_tokens": 3}}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "content": [], "model": content["model"], **usage}
    yield _event({"type": "message_start", "message": message}, "message_start")
    block = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    yield _event(block, "content_block_start")
    for index in range(_count(wish, number)):
        if wish == "malformed" and index == 2:
            yield b"event: content_block_delta\ndata: {this is no json\n\n"
        if wish == "pings":
            yield _event({"type": "ping"}, "ping")
        if wish == "error_event" and index == 3:
            yield _event({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, "error")
            return
        delta = {"type": "text_delta", "text": WORDS[index % len(WORDS)]}
        yield _event({"type": "content_block_delta", "index": 0, "delta": delta}, "content_block_delta")
    yield _event({"type": "content_block_stop", "index": 0}, "content_block_stop")
    done: dict[str, Any] = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}}
    if wish != "no_usage":
        done["usage"] = {"output_tokens": 7}
    yield _event(done, "message_delta")
    yield _event({"type": "message_stop"}, "message_stop")

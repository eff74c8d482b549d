"""Events out of bytes in any pieces, and what of them goes on."""

from __future__ import annotations

import json
import random

import pytest

from gateway.stream.pipe import Pipe
from gateway.stream.sse import LONGEST, Splitter, data_of
from gateway.stream.usage import Meter, Usage

STREAM = (
    'data: {"a": "Grüße 👋"}\n\n'
    ": a comment\r\n\r\n"
    "event: x\rdata: 1\rdata:2\r\r"
    "\n\n"
    "id: 7\r\ndata: last\r\n\r\n"
).encode()


def test_events_do_not_depend_on_the_pieces() -> None:
    whole = Splitter().feed(STREAM)
    assert b"".join(whole) == STREAM
    texts = [data_of(event) for event in whole if data_of(event)]
    assert texts == ['{"a": "Grüße 👋"}'.encode(), b"1\n2", b"last"]
    draw = random.Random(1)
    for _ in range(300):
        splitter = Splitter()
        cuts = sorted(draw.sample(range(len(STREAM)), draw.randrange(len(STREAM))))
        pieces = [STREAM[start:end] for start, end in zip([0, *cuts], [*cuts, len(STREAM)], strict=True)]
        events = [event for piece in pieces for event in splitter.feed(piece)]
        assert b"".join(events) + splitter.rest == STREAM
        assert [data_of(event) for event in events if data_of(event)] == texts


def test_an_event_without_an_end_is_let_go() -> None:
    splitter = Splitter()
    piece = b"x" * 65536
    events = [event for _ in range(LONGEST // len(piece) + 1) for event in splitter.feed(piece)]
    assert len(b"".join(events)) > LONGEST
    assert splitter.rest == b""


def chunk(**more: object) -> bytes:
    return b"data: " + json.dumps({"choices": [{"delta": {"content": "abcdefgh"}}], **more}).encode() + b"\n\n"


USAGE = b'data: {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 6}}\n\n'


@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
@pytest.mark.parametrize("whole", [True, False])
def test_only_the_usage_is_left_out(size: int, whole: bool) -> None:
    stream = chunk() + USAGE + b"data: [DONE]\n\n" + b"data: half"
    pipe = Pipe(Meter("openai", 3), whole)
    sent = b""
    for start in range(0, len(stream), size):
        sent += pipe.push(stream[start : start + size])
        pipe.read()
    sent += pipe.end()
    assert sent == (stream if whole else stream.replace(USAGE, b""))
    assert pipe.meter.complete
    assert pipe.meter.usage() == Usage(5, 6, exact=True)


def test_usage_without_the_providers_word() -> None:
    meter = Meter("openai", 3)
    for data in (b"{", b"[]", b"null", b'"x"', b'{"choices": 3, "usage": []}', b'{"usage": {"prompt_tokens": -1}}', b"[" * 99_999):
        meter.event(data)
    meter.event(data_of(chunk()))
    assert meter.usage() == Usage(3, 2, exact=False)
    assert not meter.complete


def test_usage_of_messages() -> None:
    meter = Meter("anthropic", 3)
    start = {"type": "message_start", "message": {"usage": {"input_tokens": 10, "cache_read_input_tokens": 4, "output_tokens": 1}}}
    meter.event(json.dumps(start).encode())
    for _ in range(3):
        meter.event(b'{"type": "content_block_delta", "delta": {"type": "text_delta", "text": "abcdefgh"}}')
    assert meter.usage() == Usage(14, 6, exact=False)
    meter.event(b'{"type": "message_delta", "usage": {"output_tokens": 9}}')
    assert meter.usage() == Usage(14, 9, exact=True)

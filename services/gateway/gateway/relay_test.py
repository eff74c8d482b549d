"""What happens when somebody leaves, stalls, fails or stops: through the whole service."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.conftest import Gate, MakeGate
from gateway.testing.upstream_process import UpstreamProcess
from gateway.testing.waiting import until
from runtime.testing.ports import free_port
from runtime.testing.processes import ProgramProcess
from runtime.testing.redis_server import RedisServer
from runtime.testing.telemetry import captured_logs

pytestmark = pytest.mark.anyio


@pytest.fixture
def own_upstream() -> Iterator[UpstreamProcess]:
    """One whose counts are this test's alone."""
    with UpstreamProcess() as process:
        yield process


def asked(text: str, model: str = "gpt-4o-mini") -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": text}], "stream": True, "max_tokens": 500}


async def chunks(gw: Gate, body: dict[str, Any], path: str = "/v1/chat/completions") -> AsyncIterator[bytes]:
    async with gw.client.stream("POST", path, json=body) as answer:
        assert answer.status_code == 200
        async for chunk in answer.aiter_raw():
            yield chunk


def is_idle(upstream: UpstreamProcess, cancelled: int) -> bool:
    seen = upstream.seen()
    return bool(seen["answering"] == 0 and seen["cancelled"] == cancelled)


async def test_chunks_come_as_they_are_written(gate: MakeGate, own_upstream: UpstreamProcess) -> None:
    async with gate(url=own_upstream.url) as gw:
        stream = chunks(gw, asked("!endless:1"))
        # It has no end: what came was not held back until one.
        for _ in range(5):
            assert b"data: {" in await anext(stream)
        assert own_upstream.seen()["answering"] == 1
        await stream.aclose()  # type: ignore[attr-defined]


@pytest.mark.parametrize("wish", ["hang", "silent", "endless:1", "slow:100000"])
async def test_the_provider_is_told_when_the_client_leaves(
    gate: MakeGate, own_upstream: UpstreamProcess, wish: str
) -> None:
    async with gate(url=own_upstream.url) as gw:

        async def read() -> None:
            async for _ in chunks(gw, asked(f"!{wish}")):
                pass

        reader = asyncio.create_task(read())
        await until(lambda: own_upstream.seen()["answering"] == 1)
        reader.cancel()
        await until(lambda: is_idle(own_upstream, 1))
        # It is charged for what the provider had to read, at least.
        await until(lambda: _charged(gw, 20, 200))


async def _charged(gw: Gate, least: int, most: int) -> bool:
    used = await gw.used()
    return bool(used["used_requests"] == 1 and least < used["used_tokens"] < most)


@pytest.mark.parametrize(
    ("model", "path", "error"),
    [
        ("gpt-4o-mini", "/v1/chat/completions", '"code": "{code}"'),
        ("claude-haiku-4-5", "/v1/messages", 'event: error\ndata: {{"type": "error"'),
    ],
)
@pytest.mark.parametrize(("wish", "code"), [("cut:3", "upstream_failed"), ("silent", "upstream_timeout")])
async def test_a_stream_that_breaks_off_ends_with_an_error(
    gate: MakeGate, model: str, path: str, error: str, wish: str, code: str
) -> None:
    async with gate(UPSTREAM_IDLE_TIMEOUT="300ms") as gw:
        answer = await gw.client.post(path, json=asked(f"!{wish}", model))
        assert answer.status_code == 200
        last = answer.text.rstrip("\n").split("\n\n")[-1]
        assert error.format(code=code) in last
        assert "[DONE]" not in answer.text
        data = last[last.index("data: ") + 6 :]
        assert json.loads(data)["error"]["message"].startswith("The provider")


async def test_time_outs_before_the_answer(gate: MakeGate) -> None:
    settings = {"UPSTREAM_FIRST_BYTE_TIMEOUT": "300ms", "UPSTREAM_TOTAL_TIMEOUT": "500ms"}
    async with gate(**settings) as gw:
        for stream in (True, False):
            answer = await gw.chat("!hang", stream=stream)
            assert (answer.status_code, answer.json()["error"]["code"]) == (504, "upstream_timeout")
        answer = await gw.message("!hang")
        assert answer.json()["error"]["type"] == "timeout_error"
        # A stream that goes on and on ends too.
        answer = await gw.chat("!endless:10", stream=True)
        assert answer.text.rstrip().endswith('"code": "upstream_timeout"}}')


async def test_tries_again_before_the_first_byte_only(gate: MakeGate, own_upstream: UpstreamProcess) -> None:
    async with gate(url=own_upstream.url) as gw:
        assert (await gw.chat("!flaky:3")).status_code == 200
        assert own_upstream.seen()["total"] == 3
        answer = await gw.chat("!status:529")
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "upstream_overloaded")
        assert own_upstream.seen()["total"] == 6
        # Who is to come back in a while is told so instead.
        answer = await gw.chat("!busy:30")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        assert (await gw.chat("!status:400")).status_code == 400
        assert b"error" in (await gw.chat("!cut:2", stream=True)).content
        assert own_upstream.seen()["total"] == 9


@pytest.mark.parametrize("wish", ["drop", "garbage", "gzip", "status:302"])
async def test_answers_that_are_none(gate: MakeGate, wish: str) -> None:
    async with gate() as gw:
        for answer in (await gw.chat(f"!{wish}"), await gw.message(f"!{wish}", stream=True)):
            assert answer.status_code == 502
            assert "error" in answer.json()


async def test_a_provider_that_is_away_is_left_in_peace(gate: MakeGate) -> None:
    async with gate(url=f"http://127.0.0.1:{free_port()}") as gw:
        answers = [await gw.chat() for _ in range(3)]
        assert [answer.status_code for answer in answers] == [502, 503, 503]
        assert 0 < int(answers[-1].headers["retry-after"]) <= 10
        used = await gw.used()
        assert used["used_requests"] <= 1


async def test_nothing_of_prompts_and_answers_is_told(
    gate: MakeGate, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    canary = "Kanarienvogel"
    caplog.set_level(logging.DEBUG)
    with captured_logs() as logs:
        async with gate(UPSTREAM_IDLE_TIMEOUT="200ms", LOG_LEVEL="debug") as gw:
            for wish in ("", "!refused", "!cut:2", "!malformed", "!garbage", "!silent", "!unauthorized", "!error_event"):
                await gw.chat(f"{canary} {wish}", stream=True)
                await gw.message(f"{canary} {wish}")
            await gw.client.post("/v1/chat/completions", content=b'{"model": "Kanarienvogel", "Kanarienvogel": ')
            await gw.chat(canary, model=canary)
            await gw.chat(canary, n=canary)
            await gw.chat(canary, **{f"{canary} {canary}": 1})
            token = gw.token
            telemetry = gw.telemetry
    told = [json.dumps(logs.entries), caplog.text, *(span.to_json() for span in telemetry.spans)]
    told += [repr(telemetry.metric(name)) for name in ("gateway.refusals", "gen_ai.client.token.usage")]
    told += [file.read_text() for file in (tmp_path / "rows").rglob("*") if file.is_file()]
    assert any("gateway.request" in text for text in told)
    assert any("input_tokens" in text for text in told)
    for secret in (canary, "Zürich", "Z\\u00fcrich", token, token[4:], "organisation-secret", "Secret0rganisation"):
        assert [text for text in told if secret in text] == []


async def test_measures(gate: MakeGate) -> None:
    async with gate() as gw:
        await gw.chat(stream=True)
        await gw.message()
        await gw.chat("!refused")
        await until(lambda: len([span for span in gw.telemetry.spans if span.name.startswith("chat_completions")]) == 3)
        tokens = {
            (point.attributes["gen_ai.request.model"], point.attributes["gen_ai.token.type"]): point.sum  # type: ignore[index, union-attr]
            for point in gw.telemetry.metric("gen_ai.client.token.usage")
            if "error.type" not in (point.attributes or {}) and point.sum  # type: ignore[union-attr]
        }
        assert tokens == {
            ("gpt-4o-mini", "input"): 11, ("gpt-4o-mini", "output"): 7,
            ("claude-haiku-4-5", "input"): 14, ("claude-haiku-4-5", "output"): 7,
        }  # fmt: skip
        assert len(gw.telemetry.metric("gen_ai.server.time_to_first_token")) == 2
        (refusal,) = gw.telemetry.metric("gateway.refusals")
        assert dict(refusal.attributes or {})["error.type"] == "upstream_refused"


async def test_events(gate: MakeGate, tmp_path: Path) -> None:
    async with gate() as gw:
        await gw.chat("!cut:2", stream=True)
    rows = [json.loads(line) for file in (tmp_path / "rows").rglob("*.jsonl") for line in file.read_text().splitlines()]
    (row,) = [row for row in rows if row["name"] == "gateway.request"]
    properties = row["properties"] if isinstance(row["properties"], dict) else json.loads(row["properties"])
    assert re.fullmatch("license:actor-[0-9a-f]{8}", row["actor"])
    assert properties["model"] == "gpt-4o-mini"
    assert properties["outcome"] == "upstream_failed"
    assert properties["exact"] is False


async def test_streams_end_in_order_when_the_process_stops(
    gate: MakeGate, dsn: str, redis_server: RedisServer, own_upstream: UpstreamProcess
) -> None:
    async with gate() as gw:
        # The gate above has made the actor; this is another process on the same servers.
        environment = {
            "PORT": str(free_port()), "PGDSN": dsn, "PGDATABASES": "gateway", "REDIS_ENDPOINT": redis_server.endpoint,
            "OPENAI_API_KEY": "sk-x", "ANTHROPIC_API_KEY": "sk-y", "OPENAI_URL": own_upstream.url,
            "ANTHROPIC_URL": own_upstream.url, "BIGQUERY_PROJECT_ID": "p", "BIGQUERY_DATASET_ID": "d",
            "BIGQUERY_TABLES": "events", "SERVICE_ID": "gateway", "ENVIRONMENT_ID": "test", "TIER": "test",
            "GOOGLE_CLOUD_PROJECT": "p", "GOOGLE_CLOUD_REGION": "europe-west1", "SHUTDOWN_GRACE": "3s", "LOG_FORMAT": "json",
        }  # fmt: skip
        main = Path(sys.modules["gateway.conftest"].__file__ or "").parent / "__main__.py"
        with ProgramProcess(main, environment) as process:
            url = await asyncio.to_thread(process.url)
            async with httpx.AsyncClient(base_url=url, headers=gw.client.headers, timeout=30) as client:
                short = asyncio.create_task(client.post("/v1/chat/completions", json=asked("!slow:60")))
                endless = asyncio.create_task(client.post("/v1/chat/completions", json=asked("!endless:50")))
                await until(lambda: own_upstream.seen()["answering"] == 2)
                process.send(signal.SIGTERM)
                assert (await short).text.rstrip().endswith("data: [DONE]")
                assert (await endless).text.rstrip().endswith('"code": "unavailable"}}')
            assert await asyncio.to_thread(process.exit_code) == 0
        await until(lambda: is_idle(own_upstream, 1))
        assert (await gw.used())["used_requests"] == 2
        # Nothing is left reserved: the last one was settled before Redis was let go.
        assert (await gw.used())["used_tokens"] < 400

"""The endpoints on real servers: both APIs, streams and whole answers, what goes through and what does not."""

from __future__ import annotations

import json

import httpx
import pytest

from gateway.conftest import MakeGate
from gateway.testing.answers import WORDS
from gateway.testing.upstream_process import UpstreamProcess

pytestmark = pytest.mark.anyio


async def test_whole_answers(gate: MakeGate) -> None:
    async with gate() as gw:
        chat = await gw.chat()
        assert chat.status_code == 200
        assert chat.json()["choices"][0]["message"]["content"] == "".join(WORDS)
        message = await gw.message()
        assert message.json()["content"][0]["text"] == "".join(WORDS)
        body = {"model": "text-embedding-3-small", "input": ["a", "b"]}
        embedding = await gw.client.post("/v1/embeddings", json=body)
        assert embedding.json()["data"][0]["embedding"] == [0.1, -0.2]
        body = {"model": "gpt-3.5-turbo-instruct", "prompt": "def "}
        completion = await gw.client.post("/v1/completions", json=body)
        assert completion.json()["choices"][0]["text"] == "".join(WORDS)


async def direct(upstream: UpstreamProcess, path: str, body: dict[str, object]) -> bytes:
    """The bytes that the provider itself sends."""
    async with httpx.AsyncClient(base_url=upstream.url) as client:
        return (await client.post(path, json=body)).content


@pytest.mark.parametrize("wish", ["", "!split", "!crlf", "!pings", "!malformed", "!no_usage", "!error_event", "!early_end:3"])
async def test_streams_are_the_providers_bytes(gate: MakeGate, upstream: UpstreamProcess, wish: str) -> None:
    async with gate() as gw:
        openai = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": wish}], "stream": True}
        asked = {**openai, "stream_options": {"include_usage": True}}
        expected = await direct(upstream, "/v1/chat/completions", asked)
        answer = await gw.client.post("/v1/chat/completions", json=asked)
        assert answer.content == expected
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"

        # Who did not ask for the usage gets everything but the event that has nothing else.
        events = expected.replace(b"\r\n", b"\n").split(b"\n\n")
        kept = b"\n\n".join(event for event in events if b'"choices": [], ' not in event)
        answer = await gw.client.post("/v1/chat/completions", json=openai)
        assert answer.content.replace(b"\r\n", b"\n") == kept

        anthropic = {**openai, "model": "claude-haiku-4-5", "max_tokens": 100}
        expected = await direct(upstream, "/v1/messages", anthropic)
        assert (await gw.client.post("/v1/messages", json=anthropic)).content == expected


async def test_nothing_of_the_account_goes_through(gate: MakeGate, upstream: UpstreamProcess) -> None:
    async with gate() as gw:
        headers = {
            "openai-organization": "org-evil", "cookie": "a=b", "anthropic-beta": "files", "x-forwarded-for": "1.2.3.4",
            "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "accept-encoding": "gzip",
        }  # fmt: skip
        body = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "!stream:1"}]}
        answers = [await gw.client.post("/v1/chat/completions", json=body, headers=headers)]
        sent = upstream.seen()["requests"][-1]["headers"]
        assert sent["authorization"] == "Bearer sk-organisation-secret"
        assert set(sent) <= {"host", "accept", "accept-encoding", "user-agent", "content-type", "content-length", "authorization"}
        assert sent["accept-encoding"] == "identity"

        answers += [await gw.chat(f"!{wish}") for wish in ("refused", "unauthorized", "busy:9", "status:500", "status:404")]
        answers += [await gw.message(f"!{wish}") for wish in ("refused", "unauthorized", "status:529")]
        answers += [await gw.chat("!stream:1", stream=True), await gw.chat("!refused", stream=True)]
        sent = upstream.seen()["requests"][-3]["headers"]
        assert sent["x-api-key"] == "sk-ant-organisation-secret"
        assert "authorization" not in sent
        assert [answer.status_code for answer in answers] == [200, 400, 502, 503, 502, 404, 400, 502, 503, 200, 400]
        for answer in answers:
            assert set(answer.headers) <= {
                "content-type", "content-length", "cache-control", "retry-after", "date", "transfer-encoding",
            }  # fmt: skip
            assert "secret" not in answer.text.lower()
            assert "acme.example" not in answer.text
            assert "https://" not in answer.text
        assert "max_tokens is too large" in answers[1].text
        assert answers[3].headers["retry-after"] == "9"
        assert answers[1].json()["error"]["code"] == "upstream_refused"
        assert answers[6].json()["type"] == "error"
        assert answers[8].json()["error"]["type"] == "overloaded_error"


async def test_keys(gate: MakeGate) -> None:
    async with gate() as gw:
        wrong = {"authorization": "Bearer mgk_" + 64 * "0"}
        for headers in ({"authorization": ""}, {"authorization": "Bearer x"}, wrong, {"x-api-key": "mgk_"}):
            answer = await gw.client.post("/v1/chat/completions", headers=headers, json={})
            assert answer.status_code == 401
            assert answer.json()["error"]["code"] == "invalid_api_key"
        answer = await gw.client.post("/v1/messages", headers=wrong, json={})
        assert answer.json()["error"]["type"] == "authentication_error"


async def test_listings(gate: MakeGate) -> None:
    async with gate() as gw:
        assert "gpt-4o" in [model["id"] for model in (await gw.client.get("/v1/models")).json()["data"]]
        theirs = (await gw.client.get("/v1/models", headers={"anthropic-version": "2023-06-01"})).json()
        assert theirs["first_id"] == "claude-haiku-4-5"
        await gw.chat()
        assert (await gw.used())["used_requests"] == 1
        assert (await gw.client.get("/v1/nothing")).status_code == 404
        assert (await gw.client.get("/v1/messages")).status_code == 405


async def test_requests_are_checked_before_they_cost_anything(gate: MakeGate) -> None:
    async with gate() as gw:
        cases = {
            "invalid_json": b"{", "invalid_json ": b"[]", "invalid_json  ": b'{"model": NaN}', "invalid_json   ": b"[" * 100_000,
        }  # fmt: skip
        for code, content in cases.items():
            answer = await gw.client.post("/v1/chat/completions", content=content)
            assert (answer.status_code, answer.json()["error"]["code"]) == (400, code.strip())
        more: list[tuple[dict[str, object], int, str]] = [
            ({"model": "gpt-9"}, 404, "model_not_found"),
            ({"model": "text-embedding-3-small"}, 404, "model_not_found"),
            ({"service_tier": "priority"}, 400, "unsupported_parameter"),
            ({"tools": [{"type": "web_search"}]}, 400, "invalid_parameter"),
            ({"n": 9}, 400, "too_many_answers"),
            ({"n": True}, 400, "invalid_parameter"),
            ({"stream": "yes"}, 400, "invalid_parameter"),
            ({"stream": True, "stream_options": {"x": 1}}, 400, "invalid_parameter"),
            ({"max_tokens": 100_000}, 400, "max_tokens_too_large"),
        ]
        for fields, status, code in more:
            answer = await gw.chat("hello", **fields)
            assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), fields
        answer = await gw.chat("a" * 600_000)
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "prompt_too_large")
        answer = await gw.message("a" * 3_000_000)
        assert (answer.status_code, answer.json()["error"]["type"]) == (413, "request_too_large")
        assert (await gw.used())["used_requests"] == 0


async def test_what_the_provider_gets_is_what_was_checked(gate: MakeGate, upstream: UpstreamProcess) -> None:
    async with gate() as gw:
        twice = b'{"model": "gpt-4o", "model": "gpt-4o-mini", "messages": [{"role": "user", "content": "\\ud83d"}]}'
        assert (await gw.client.post("/v1/chat/completions", content=twice)).status_code == 200
        body = upstream.seen()["requests"][-1]["body"]
        assert body["model"] == "gpt-4o-mini"
        assert body["max_completion_tokens"] == 4096
        headers = {"x-gateway-feature": "code_completions"}
        body = {"model": "gpt-4o-mini", "messages": []}
        assert (await gw.client.post("/v1/chat/completions", json=body, headers=headers)).status_code == 200
        assert upstream.seen()["requests"][-1]["body"]["max_completion_tokens"] == 256
        body["model"] = "gpt-4o"
        assert (await gw.client.post("/v1/chat/completions", json=body, headers=headers)).status_code == 404


async def test_what_is_charged(gate: MakeGate) -> None:
    async with gate() as gw:
        before = 0

        async def charged(answer: httpx.Response) -> int:
            nonlocal before
            assert answer.status_code in (200, 400, 502, 503)
            now = await settled(before)
            cost, before = now - before, now
            return cost

        async def settled(least: int) -> int:
            """Once nothing is reserved any more: the reservation of each of these is far above what they cost."""
            while True:
                used: int = (await gw.used())["used_tokens"]
                if used < least + 1000:
                    return used

        assert await charged(await gw.chat()) == 18
        assert await charged(await gw.message()) == 21
        assert await charged(await gw.chat(stream=True)) == 18
        assert await charged(await gw.message(stream=True, max_tokens=4000)) == 21
        assert await charged(await gw.chat("!split", stream=True)) == 18
        assert await charged(await gw.chat("!refused")) == 0
        assert await charged(await gw.chat("!status:418")) == 0
        # Without the provider's word: the prompt's bytes and the answer's, four to a token.
        cut = await charged(await gw.chat("!cut:4", stream=True))
        assert 30 < cut < 60
        cut = await charged(await gw.message("!cut:5", stream=True, max_tokens=4000))
        assert 14 < cut < 30
        requests = (await gw.used())["used_requests"]
        assert requests == 8


async def test_usage_is_json_in_whole_answers_that_can_not_be_read(gate: MakeGate) -> None:
    async with gate() as gw:
        answer = await gw.chat("!malformed")
        assert (answer.status_code, answer.content) == (200, b"{not json")
        with pytest.raises(json.JSONDecodeError):
            answer.json()

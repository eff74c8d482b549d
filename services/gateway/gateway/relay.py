"""One endpoint of the gateway: from a client's request to a provider's answer and its bill."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import aiohttp

from gateway.actors import Actors
from gateway.answering import answer, begin, finish, go_on, headers_of, read_body, refuse
from gateway.apis import FEATURE_HEADER, Api
from gateway.catalog import Catalog
from gateway.errors import Refusal
from gateway.keys import presented
from gateway.leaving import ClientLeft, Presence
from gateway.measures import Measures
from gateway.quota.limiter import Admission, Limiter
from gateway.requests import Prompt, read_prompt
from gateway.settling import Settling
from gateway.stream.pipe import Pipe
from gateway.stream.usage import Meter, Usage
from gateway.upstream.client import Provider, Upstream, read_up_to
from runtime.service import Receive, Scope, Send

LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes of an answer that is no stream: it is read whole before the client gets it, so that it is whole or an error."""

REFUNDED = frozenset({502, 503, 504})
"""What the provider or the gateway failed at counts as no request."""

EVENT_STREAM = "text/event-stream"


@dataclass(frozen=True)
class Parts:
    """What all endpoints share."""

    actors: Actors
    limiter: Limiter
    upstream: Upstream
    providers: dict[str, Provider]
    catalog: Catalog
    settling: Settling
    measures: Measures
    max_prompt_bytes: int


class Relay:
    """The ASGI application of one endpoint."""

    def __init__(self, api: Api, parts: Parts) -> None:
        self._api = api
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        parts, api = self._parts, self._api
        feature = ""
        try:
            if scope["method"] != "POST":
                raise Refusal(405, "method_not_allowed", "This endpoint takes POST alone.")
            headers = headers_of(scope)
            actor = await parts.actors.find(presented(headers))
            feature = _feature(api, headers.get(FEATURE_HEADER))
            limits = actor.features.get(feature)
            if limits is None:
                raise Refusal(403, "feature_not_allowed", f"This access token is not for {feature}.")
            body = await read_body(receive, parts.max_prompt_bytes)
            prompt = read_prompt(api, feature, parts.catalog, limits.models, body)
            admission = await parts.limiter.admit(actor, feature, limits, prompt.most_tokens)
            answering = _Answering(api, parts, prompt, feature, admission, started)
            await answering.run(receive, send, _version(headers))
        except Refusal as refusal:
            parts.measures.refusals.add(1, {"error.type": refusal.code, "gateway.feature": feature})
            await refuse(send, refusal, api.shape)
        except ClientLeft:
            pass


class _Answering:
    """A request that was admitted: whatever happens from here on is settled."""

    def __init__(
        self, api: Api, parts: Parts, prompt: Prompt, feature: str, admission: Admission, started: float
    ) -> None:
        self._api = api
        self._parts = parts
        self._prompt = prompt
        self._feature = feature
        self._admission = admission
        self._started = started
        self._meter = Meter(api.shape, prompt.input_tokens)
        self._first_token: float | None = None
        self._begun = False
        """Whether the client has the beginning of an answer."""

    async def run(self, receive: Receive, send: Send, version: str | None) -> None:
        """Raises Refusal where nothing was sent yet, ClientLeft."""
        parts, prompt = self._parts, self._prompt
        span = parts.measures.span(prompt, self._feature)
        outcome = "failed"
        charged = True
        try:
            async with Presence(receive):
                provider = parts.providers[prompt.model.owner]
                request = parts.upstream.ask(provider, self._api.path, prompt.body, version, stream=prompt.stream)
                async with request as response:
                    await self._relay(response, send)
            outcome = "complete"
        except Refusal as refusal:
            outcome = refusal.code
            charged = self._begun or refusal.status not in REFUNDED
            if not self._begun:
                raise
            parts.measures.refusals.add(1, {"error.type": refusal.code, "gateway.feature": self._feature})
            await finish(send, refusal.event(self._api.shape))
        except ClientLeft:
            outcome = "client_left"
            raise
        except asyncio.CancelledError:
            # The process stops, and its grace is over.
            outcome = "cut_off"
            if self._begun:
                cut = Refusal(503, "unavailable", "The gateway is being restarted. Try again.")
                await finish(send, cut.event(self._api.shape))
            raise
        finally:
            self._settle(span, outcome, charged)

    async def _relay(self, response: aiohttp.ClientResponse, send: Send) -> None:
        kind = response.headers.get("content-type", "application/json")
        try:
            async with asyncio.timeout(self._parts.upstream.timeouts.idle) as limit:
                if kind.partition(";")[0].strip().lower() == EVENT_STREAM:
                    await self._stream(response, send, kind, limit)
                else:
                    await self._whole(response, send, limit)
        except TimeoutError:
            raise Refusal(504, "upstream_timeout", "The provider stopped answering.") from None
        except aiohttp.ClientError:
            raise Refusal(502, "upstream_failed", "The provider's answer broke off.") from None

    async def _stream(
        self, response: aiohttp.ClientResponse, send: Send, kind: str, limit: asyncio.Timeout
    ) -> None:
        """Pass on each chunk as it comes, then look into it."""
        pipe = Pipe(self._meter, self._prompt.wants_usage)
        await begin(send, 200, [(b"content-type", kind.encode("latin-1"))])
        self._begun = True
        loop = asyncio.get_running_loop()
        timeouts = self._parts.upstream.timeouts
        latest = loop.time() + timeouts.total
        read = response.content.readany
        while chunk := await read():
            if out := pipe.push(chunk):
                await go_on(send, out)
            pipe.read()
            if self._first_token is None and self._meter.begun:
                self._first_token = time.perf_counter() - self._started
            limit.reschedule(min(loop.time() + timeouts.idle, latest))
        await finish(send, pipe.end())

    async def _whole(self, response: aiohttp.ClientResponse, send: Send, limit: asyncio.Timeout) -> None:
        limit.reschedule(asyncio.get_running_loop().time() + self._parts.upstream.timeouts.total)
        body = await read_up_to(response, LARGEST_ANSWER)
        if body is None:
            raise Refusal(502, "upstream_failed", "The provider's answer is too long.")
        self._meter.body(body)
        self._first_token = time.perf_counter() - self._started
        self._begun = True
        await answer(send, 200, body)

    def _settle(self, span: Any, outcome: str, charged: bool) -> None:
        """The bill: what the provider says, else an estimate; nothing where it refused or failed before the client had anything."""
        parts, prompt = self._parts, self._prompt
        seconds = time.perf_counter() - self._started
        nothing = outcome == "upstream_refused" or not charged
        usage = Usage(0, 0, exact=True) if nothing else self._meter.usage()
        if self._first_token is not None:
            attributes = {"gen_ai.request.model": prompt.model.name, "gateway.feature": self._feature}
            parts.measures.first_token.record(self._first_token, attributes)
        parts.measures.ended(span, prompt, self._feature, usage, seconds, outcome)
        event = {
            "feature": self._feature,
            "model": prompt.model.name,
            "stream": prompt.stream,
            "outcome": outcome,
            "input_tokens": usage.input,
            "output_tokens": usage.output,
            "exact": usage.exact,
            "milliseconds": round(seconds * 1000),
        }
        parts.settling.start(self._admission, usage.total, not charged, event)


def _feature(api: Api, asked: bytes | None) -> str:
    if asked is None:
        return api.features[0]
    for feature in api.features:
        if asked == feature.encode():
            return feature
    raise Refusal(400, "unknown_feature", f"x-gateway-feature: expected {' or '.join(api.features)}.")


def _version(headers: Any) -> str | None:
    """Of Anthropic's API: a date, the one header of a client's that goes on."""
    value = headers.get(b"anthropic-version", b"").decode("latin-1")
    return value if len(value) == 10 and value.replace("-", "").isdigit() else None

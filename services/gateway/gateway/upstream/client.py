"""Requests to the providers.

aiohttp, not httpx: it parses HTTP in C, and passes a chunk on for a fraction of what httpx takes (ADR 0043; `benchmarks/run f`).
No trace context goes along: providers are no part of the organisation's traces.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from gateway.errors import Refusal
from gateway.upstream.answers import refusal_of, retry_after
from gateway.upstream.breaker import Breaker
from runtime import Secret

LOGGER = logging.getLogger("gateway")

RETRIES = 2
RETRY_WITHIN = 10.0
"""Seconds after the first try within which another one may begin."""
LONGEST_PAUSE = 2.0
"""A provider that asks for a longer one is not asked again: the client is told to wait instead."""
ERROR_BYTES = 64 * 1024
"""Of an error's body that are read."""
CONNECTIONS = 1000
IDLE_CONNECTION = 15.0
"""Seconds: shorter than the providers keep connections open."""

_AGAIN = frozenset({429, 500, 502, 503, 529})


@dataclass(frozen=True)
class Timeouts:
    """Seconds."""

    connect: float
    first_byte: float
    idle: float
    total: float


@dataclass
class Provider:
    """Whose API is asked, and as whom."""

    name: str
    url: str
    """Without /v1."""
    key: Secret = field(repr=False)
    breaker: Breaker = field(default_factory=Breaker)

    def headers(self, version: str | None) -> dict[str, str]:
        """Everything that goes along: nothing of the client's own but the version of Anthropic's API."""
        common = {"content-type": "application/json", "accept-encoding": "identity", "user-agent": "gateway"}
        if self.name == "anthropic":
            return {**common, "x-api-key": self.key.reveal(), "anthropic-version": version or "2023-06-01"}
        return {**common, "authorization": f"Bearer {self.key.reveal()}"}


class Upstream:
    """The connections to all providers. A runtime.Resource.

    jitter  random numbers from 0 to 1, for the pauses between retries
    """

    name = "upstream"

    def __init__(self, timeouts: Timeouts, jitter: Callable[[], float] = random.random) -> None:
        self.timeouts = timeouts
        self._jitter = jitter
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=IDLE_CONNECTION),
            # Time-outs are set where the answer is read; that of a read is the longest of them.
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self.timeouts.connect),
            cookie_jar=aiohttp.DummyCookieJar(),
            # Asked for uncompressed; what comes compressed all the same is refused.
            auto_decompress=False,
            # Not the proxies and .netrc of the environment: they would get the keys.
            trust_env=False,
        )

    async def check(self) -> None:
        """A provider that is away does not make the gateway unready: others may be there."""

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    @asynccontextmanager
    async def ask(
        self, provider: Provider, path: str, body: bytes, version: str | None, *, stream: bool
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """An answer whose status is 200 and whose body begins to arrive. Closed with the block, whatever is unread.

        Raises Refusal. Tries again where nothing was answered yet and another try may help.
        """
        # What is no stream begins when all of it is written.
        seconds = self.timeouts.first_byte if stream else self.timeouts.total
        response = await self._answered(provider, path, body, provider.headers(version), seconds)
        try:
            yield response
        finally:
            # Not `release`: it would wait for the rest of the body. What was read to its end is back in the pool by now.
            response.close()

    async def _answered(
        self, provider: Provider, path: str, body: bytes, headers: dict[str, str], seconds: float
    ) -> aiohttp.ClientResponse:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + RETRY_WITHIN
        attempt = 0
        while True:
            attempt += 1
            wait = provider.breaker.wait()
            if wait is not None:
                raise Refusal(503, "upstream_unavailable", "The provider can't be reached at the moment.", wait)
            outcome = await self._once(provider, path, body, headers, seconds)
            if isinstance(outcome, aiohttp.ClientResponse):
                return outcome
            pause = outcome.pause if outcome.pause is not None else 0.1 * 2**attempt * (0.5 + 0.5 * self._jitter())
            if attempt > RETRIES or not outcome.again or pause > LONGEST_PAUSE or loop.time() + pause > deadline:
                raise outcome.refusal
            await asyncio.sleep(pause)

    async def _once(
        self, provider: Provider, path: str, body: bytes, headers: dict[str, str], seconds: float
    ) -> aiohttp.ClientResponse | _Failure:
        assert self._session is not None
        try:
            async with asyncio.timeout(seconds):
                response = await self._session.post(
                    provider.url + path, data=body, headers=headers, allow_redirects=False, compress=False
                )
                if response.status == 200:
                    provider.breaker.worked()
                    return _readable(response)
                return await _refused(provider, response)
        except aiohttp.ConnectionTimeoutError:
            provider.breaker.failed()
            return _Failure(Refusal(504, "upstream_timeout", "The provider could not be reached in time."), again=True)
        except TimeoutError:
            # It may be at work on it. Asking again would cost the same again.
            provider.breaker.failed()
            return _Failure(Refusal(504, "upstream_timeout", "The provider took too long to answer."), again=False)
        except aiohttp.ClientError as error:
            provider.breaker.failed()
            LOGGER.warning("%s gave no answer: %s", provider.name, type(error).__name__)
            return _Failure(Refusal(502, "upstream_unavailable", "The provider could not be reached."), again=True)


@dataclass(frozen=True)
class _Failure:
    refusal: Refusal
    again: bool
    pause: float | None = None
    """Seconds that the provider asks for."""


def _readable(response: aiohttp.ClientResponse) -> aiohttp.ClientResponse | _Failure:
    encoding = response.headers.get("content-encoding", "identity")
    if encoding == "identity":
        return response
    response.close()
    LOGGER.error("the provider answered in an encoding that was not asked for")
    return _Failure(Refusal(502, "upstream_failed", "The provider's answer can't be read."), again=False)


async def _refused(provider: Provider, response: aiohttp.ClientResponse) -> _Failure:
    """Read a bounded part of the error. A redirect counts as one: it would take the key elsewhere."""
    body = await read_up_to(response, ERROR_BYTES) or b""
    response.close()
    status = response.status
    if status >= 500 and status != 529:
        provider.breaker.failed()
    else:
        provider.breaker.worked()
    if status in (401, 403) or 300 <= status < 400:
        LOGGER.error("%s answered %d: the gateway's own key or address is wrong", provider.name, status)
    pause = retry_after(response.headers.get("retry-after"))
    return _Failure(refusal_of(status, body, pause), again=status in _AGAIN, pause=pause)


async def read_up_to(response: aiohttp.ClientResponse, most: int) -> bytes | None:
    """The whole body; None where it is longer. Raises aiohttp's ClientError where it is cut off."""
    parts = []
    size = 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return b"".join(parts)

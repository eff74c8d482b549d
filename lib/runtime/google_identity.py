"""Access tokens of the workload's identity, for databases, caches and Google's APIs.

Tokens are refreshed when somebody needs one, never in the background: Cloud Run gives an idle instance no CPU, so a timer
would fire late, and the first query after a pause would sign in with an expired token.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Protocol

import httpx

METADATA_URL = "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token"
"""https://cloud.google.com/compute/docs/access/authenticate-workloads#applications"""

METADATA_HOST = "GCE_METADATA_HOST"
"""Where another metadata server is, as Google's own libraries have it: tests start a service beside a stand-in.
https://googleapis.dev/python/google-auth/latest/reference/google.auth.environment_vars.html"""

SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)

REFRESH_BEFORE = 300.0
"""Seconds of life below which a token is replaced."""

RETRY_AFTER = 30.0
"""Seconds until the next try when the source had nothing fresher. (The metadata server keeps a token of its own until four
minutes before its end, and hands that out again.)"""

logger = logging.getLogger(__name__)


class IdentityError(Exception):
    """No token can be had. The message says why and holds no part of one."""


@dataclass(frozen=True)
class AccessToken:
    value: str = field(repr=False)
    expires_at: float
    """Seconds since 1970."""


class TokenSource(Protocol):
    """Where tokens come from. Raises IdentityError."""

    async def fetch(self) -> AccessToken: ...


class GoogleIdentity:
    """The current token: `await identity.token()`.

    clock  seconds since 1970. (Not the monotonic one: that stands still while a machine sleeps.)
    """

    def __init__(self, source: TokenSource, *, clock: Callable[[], float] = time.time) -> None:
        self._source = source
        self._clock = clock
        self._token: AccessToken | None = None
        self._next_fetch = 0.0
        self._lock = asyncio.Lock()

    async def token(self) -> str:
        """A token that is valid now. One fetch serves all who ask meanwhile.

        Raises IdentityError where there is none; while the last one is valid, a source that fails is only logged.
        """
        if self._token is None or self._is_due(self._token):
            async with self._lock:
                # Somebody else may have fetched one while this task waited.
                if self._token is None or self._is_due(self._token):
                    self._token = await self._fetch(self._token)
        return self._token.value

    def _is_due(self, token: AccessToken) -> bool:
        left = token.expires_at - self._clock()
        return left <= 0 or (left < REFRESH_BEFORE and self._clock() >= self._next_fetch)

    async def _fetch(self, last: AccessToken | None) -> AccessToken:
        try:
            token = await self._source.fetch()
        except IdentityError as error:
            if last is None or last.expires_at <= self._clock():
                raise
            logger.warning("no new access token, the last one is still valid: %s", error)
            token = last
        # Not the other way round: an end that is no number is never over.
        if not token.expires_at > self._clock():
            raise IdentityError("the token that was handed out has expired already: is the machine's clock right?")
        self._next_fetch = self._clock() + RETRY_AFTER
        return token


def metadata_url() -> str:
    """Where the metadata server gives tokens."""
    host = os.environ.get(METADATA_HOST)
    return METADATA_URL if not host else METADATA_URL.replace("metadata.google.internal", host)


def parse_access_token(response: httpx.Response, now: float) -> AccessToken:
    """The metadata server's answer. ValueError, KeyError or TypeError where it is something else."""
    answer = response.json()
    return AccessToken(str(answer["access_token"]), now + float(answer["expires_in"]))


class MetadataServer:
    """Tokens of the service account that a Cloud Run instance runs as: access tokens, unless `url`, `params` and `parse` ask
    for others."""

    def __init__(
        self,
        *,
        url: str | None = None,
        params: Mapping[str, str] = MappingProxyType({"scopes": ",".join(SCOPES)}),
        parse: Callable[[httpx.Response, float], AccessToken] = parse_access_token,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.time,
        attempts: int = 3,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self._url = url or metadata_url()
        self._params = dict(params)
        self._parse_answer = parse
        self._transport = transport
        self._clock = clock
        self._attempts = attempts
        self._sleep = sleep or asyncio.sleep

    async def fetch(self) -> AccessToken:
        reason = ""
        for attempt in range(self._attempts):
            if attempt:
                await _awaited(self._sleep(0.1 * 2**attempt))
            try:
                response = await self._get()
            except httpx.HTTPError as error:
                reason = f"{type(error).__name__} at {self._url}"
                continue
            if response.status_code == 200:
                return self._parse(response)
            reason = f"status {response.status_code} from {self._url}"
            if response.status_code < 500 and response.status_code != 429:
                break
        raise IdentityError(f"the metadata server gave no token: {reason}")

    async def _get(self) -> httpx.Response:
        # A client for each request: a connection kept over a pause is often dead. The proxy of the environment, if any,
        # is not for addresses of this machine.
        async with httpx.AsyncClient(transport=self._transport, timeout=5.0, trust_env=False) as client:
            return await client.get(self._url, params=self._params, headers={"Metadata-Flavor": "Google"})

    def _parse(self, response: httpx.Response) -> AccessToken:
        try:
            return self._parse_answer(response, self._clock())
        except (ValueError, KeyError, TypeError):
            raise IdentityError(f"{self._url} answered with something else than a token") from None


class ApplicationDefault:
    """Tokens of whatever google-auth finds on a developer's machine (`gcloud auth application-default login`)."""

    async def fetch(self) -> AccessToken:
        return await asyncio.to_thread(self._fetch)

    def _fetch(self) -> AccessToken:
        import google.auth
        import google.auth.exceptions
        import google.auth.transport.requests

        try:
            credentials, _ = google.auth.default(scopes=SCOPES)
            credentials.refresh(google.auth.transport.requests.Request())  # type: ignore[no-untyped-call]
        except google.auth.exceptions.DefaultCredentialsError:
            raise IdentityError("no Google identity on this machine: run `gcloud auth application-default login`") from None
        except google.auth.exceptions.GoogleAuthError as error:
            # Its text may quote the answer of the token service.
            raise IdentityError(f"Google's sign-in failed with {type(error).__name__}") from None
        expiry: datetime | None = credentials.expiry
        if expiry is None:
            raise IdentityError("Google's sign-in gave a token without an end")
        return AccessToken(str(credentials.token), expiry.replace(tzinfo=UTC).timestamp())


async def _awaited(value: object) -> None:
    if asyncio.iscoroutine(value):
        await value


def google_identity(*, on_platform: bool) -> GoogleIdentity:
    """The identity of this process."""
    return GoogleIdentity(MetadataServer() if on_platform else ApplicationDefault())

"""Tokens with which this service calls others, which then know who calls.

    tokens = ServiceTokens.of_google()
    await http.get(url, auth=tokens.auth("https://gateway.example"))
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from typing import Literal, Protocol

import httpx
import jwt

from ..google_identity import AccessToken, GoogleIdentity, IdentityError, MetadataServer, TokenSource, metadata_url
from .errors import ProviderError
from .provider import OpenIdProvider

MAXIMUM_AUDIENCES = 256
"""As many services as one calls, and then some: who makes up an audience for each request keeps no memory filled."""

ASSUMED_SECONDS = 60.0
"""Life of a token whose provider does not say (RFC 6749 §5.1 only recommends it)."""


class Mint(Protocol):
    """Gives the source of one audience's tokens."""

    def __call__(self, audience: str) -> TokenSource: ...


class ServiceTokens:
    """One token for each audience: fetched on use, once for all who ask, and replaced five minutes before its end.

    clock  seconds since 1970
    """

    def __init__(self, mint: Mint, *, clock: Callable[[], float] = time.time) -> None:
        self._mint = mint
        self._clock = clock
        self._tokens: dict[str, GoogleIdentity] = {}

    @classmethod
    def of_google(
        cls, *, transport: httpx.AsyncBaseTransport | None = None, clock: Callable[[], float] = time.time
    ) -> ServiceTokens:
        """ID tokens of the service account that the workload runs as, from the metadata server: on the platform only."""
        return cls(lambda audience: GoogleIdTokens(audience, transport=transport, clock=clock), clock=clock)

    @classmethod
    def of_client(
        cls, provider: OpenIdProvider, *, scope: str | None = None, parameter: Literal["resource", "audience"] = "resource"
    ) -> ServiceTokens:
        """Access tokens of this client at any provider, by the client credentials grant (RFC 6749 §4.4).

        parameter  how the provider wants to be told the audience: `resource` is the standard (RFC 8707), where it is a URL
        """
        return cls(lambda audience: ClientCredentials(provider, audience, scope, parameter), clock=provider.clock)

    async def fetch(self, audience: str) -> str:
        """A token for that audience that is valid now. IdentityError where there is none."""
        if audience not in self._tokens:
            while len(self._tokens) >= MAXIMUM_AUDIENCES:
                del self._tokens[next(iter(self._tokens))]
            self._tokens[audience] = GoogleIdentity(self._mint(audience), clock=self._clock)
        return await self._tokens[audience].token()

    def auth(self, audience: str) -> httpx.Auth:
        """For requests of httpx to that service."""
        return _Bearer(self, audience)


class _Bearer(httpx.Auth):
    def __init__(self, tokens: ServiceTokens, audience: str) -> None:
        self._tokens = tokens
        self._audience = audience

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        request.headers["authorization"] = f"Bearer {await self._tokens.fetch(self._audience)}"
        yield request


class GoogleIdTokens:
    """https://cloud.google.com/run/docs/securing/service-identity#identity_tokens"""

    def __init__(
        self, audience: str, *, transport: httpx.AsyncBaseTransport | None, clock: Callable[[], float] = time.time
    ) -> None:
        # `full`: with the account's address, without which the other side does not know who it is.
        self._server = MetadataServer(
            url=metadata_url().removesuffix("token") + "identity",
            params={"audience": audience, "format": "full"},
            parse=_parse_id_token,
            transport=transport,
            clock=clock,
        )

    async def fetch(self) -> AccessToken:
        return await self._server.fetch()


def _parse_id_token(response: httpx.Response, now: float) -> AccessToken:
    """Of the token only its end is read: who gets it looks at the rest. ValueError where it is none."""
    token = response.text.strip()
    try:
        expires_at = jwt.decode(token, options={"verify_signature": False})["exp"]
    except (jwt.PyJWTError, KeyError):
        raise ValueError from None
    return AccessToken(token, float(expires_at))


class ClientCredentials:
    def __init__(
        self, provider: OpenIdProvider, audience: str, scope: str | None, parameter: Literal["resource", "audience"]
    ) -> None:
        self._provider = provider
        self._form = {"grant_type": "client_credentials", parameter: audience}
        if scope is not None:
            self._form["scope"] = scope

    async def fetch(self) -> AccessToken:
        try:
            status, answer = await self._provider.request_tokens(self._form)
        except ProviderError as error:
            raise IdentityError(str(error)) from None
        if status != 200:
            raise IdentityError(f"{self._provider.issuer} refuses the client credentials ({status})")
        token, seconds = answer.get("access_token"), answer.get("expires_in", ASSUMED_SECONDS)
        if not isinstance(token, str) or not token or str(answer.get("token_type")).lower() != "bearer":
            raise IdentityError(f"{self._provider.issuer} gave no bearer token")
        try:
            return AccessToken(token, self._provider.clock() + min(float(seconds), 86400.0))
        except (TypeError, ValueError):
            raise IdentityError(f"{self._provider.issuer} gave a token whose expires_in is not a number") from None

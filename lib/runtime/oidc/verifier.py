"""Tokens of callers: of other services, of Pub/Sub and Cloud Tasks, of Identity-Aware Proxy."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection
from typing import Protocol

import httpx

from .cached import Cached
from .claims import Claims, audience_of, check_issuer, check_times, subject_of
from .errors import TokenError
from .fetching import fetch_json
from .keys import KeySet, parse_keys, verified
from .provider import Discovery

GOOGLE = "https://accounts.google.com"
"""Who issues the ID tokens of service accounts.
https://cloud.google.com/run/docs/authenticating/service-to-service"""

IAP = "https://cloud.google.com/iap"
IAP_KEYS = "https://www.gstatic.com/iap/verify/public_key-jwk"
"""https://cloud.google.com/iap/docs/signed-headers-howto"""


class Verifier(Protocol):
    """Whoever can tell a caller from its token. Raises TokenError, and ProviderError where it can't look."""

    async def verify(self, token: str) -> Claims: ...


class TokenVerifier:
    """Bearer tokens of one issuer for one audience.

    issuer    an OpenID provider: Google's by default
    audience  what the tokens must be for, usually the service's own URL. ValueError where it is empty
    emails    verified addresses of which the caller must have one; of service accounts, the account's own
    scopes    all of which an access token must have
    """

    def __init__(
        self,
        issuer: str,
        audience: str,
        *,
        http: httpx.AsyncClient,
        clock: Callable[[], float] = time.time,
        emails: Collection[str] = (),
        scopes: Collection[str] = (),
    ) -> None:
        if not audience:
            raise ValueError("the audience is empty: any token of the issuer would be accepted")
        self._discovery = Discovery(issuer, http=http, clock=clock)
        self._audience = audience
        self._emails = frozenset(emails)
        self._scopes = frozenset(scopes)

    async def verify(self, token: str) -> Claims:
        """The caller. TokenError, with reason `permission` for a genuine token that lacks an address or scope."""
        values = await verified(token, self._discovery.keys)
        check_issuer(values, self._discovery.issuer)
        audience = audience_of(values)
        if self._audience not in audience:
            raise TokenError("audience", f"it is not for {self._audience}")
        expires_at = check_times(values, self._discovery.clock())
        claims = Claims(self._discovery.issuer, subject_of(values), audience, expires_at, values)
        if self._emails and not (claims.email_verified and claims.email in self._emails):
            raise TokenError("permission", "it is not one of those who may call")
        if missing := self._scopes - claims.scopes:
            raise TokenError("permission", f"it lacks {', '.join(sorted(missing))}")
        return claims


class IapVerifier:
    """Assertions of Identity-Aware Proxy (header `X-Goog-IAP-JWT-Assertion`) about the person who calls.

    audience_prefix  what the contract says: `/projects/<number>/global/backendServices/`. The number behind it is known only
                     once the load balancer exists (docs/adr/0023). ValueError where it is no such text
    """

    def __init__(
        self,
        audience_prefix: str,
        *,
        http: httpx.AsyncClient,
        clock: Callable[[], float] = time.time,
        keys_url: str = IAP_KEYS,
    ) -> None:
        if not re.fullmatch(r"/projects/[0-9]+/global/backendServices/", audience_prefix):
            raise ValueError("the prefix is not /projects/<number>/global/backendServices/")
        self._prefix = audience_prefix
        self._http = http
        self._clock = clock
        self._keys_url = keys_url
        self._keys: Cached[KeySet] = Cached("proxy's key set", self._load_keys, clock)

    async def verify(self, assertion: str) -> Claims:
        """The person, by `subject` and `email`."""
        values = await verified(assertion, self._keys, ("ES256",))
        check_issuer(values, IAP)
        audience = audience_of(values)
        number = audience[0].removeprefix(self._prefix)
        if len(audience) != 1 or number == audience[0] or not re.fullmatch("[0-9]+", number):
            raise TokenError("audience", f"it is not for a backend below {self._prefix}")
        expires_at = check_times(values, self._clock())
        return Claims(IAP, subject_of(values), audience, expires_at, values)

    async def _load_keys(self) -> KeySet:
        return parse_keys((await fetch_json(self._http, "GET", self._keys_url, "proxy's key set"))[1])

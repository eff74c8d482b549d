"""A provider as it describes itself (OpenID Connect Discovery 1.0), its keys and its token endpoint."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import httpx

from ..contract import Secret
from .cached import Cached
from .errors import ProviderError
from .fetching import checked_url, fetch_json
from .keys import KeySet, parse_keys

DOCUMENT = "/.well-known/openid-configuration"


@dataclass(frozen=True)
class Metadata:
    """What a provider says about itself, as far as it is used. Every URL is https, or of this machine."""

    issuer: str
    jwks_uri: str
    authorization_endpoint: str | None
    token_endpoint: str | None
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    secret_in_body: bool
    """Whether the token endpoint takes the client's secret in the body only (`client_secret_post`)."""
    names_itself: bool
    """Whether its answers to the browser always say who they are from (RFC 9207)."""


class Discovery:
    """What anybody may know of an issuer: metadata and keys, fetched on first use.

    issuer  as its tokens call it, to the letter; https, or http on this machine. ValueError otherwise
    clock   seconds since 1970
    """

    def __init__(self, issuer: str, *, http: httpx.AsyncClient, clock: Callable[[], float] = time.time) -> None:
        try:
            self.issuer = checked_url(issuer, "issuer")
        except ProviderError as error:
            raise ValueError(str(error)) from None
        self.clock = clock
        self.http = http
        self._metadata = Cached("provider's description", self._load_metadata, clock)
        self.keys: Cached[KeySet] = Cached("provider's key set", self._load_keys, clock)

    async def metadata(self) -> Metadata:
        """ProviderError where the provider can't be reached, or describes another one."""
        return await self._metadata.get()

    async def _load_metadata(self) -> Metadata:
        _, document = await fetch_json(self.http, "GET", self.issuer.rstrip("/") + DOCUMENT, "provider's description")
        return parse_metadata(document, self.issuer)

    async def _load_keys(self) -> KeySet:
        metadata = await self._metadata.get()
        _, document = await fetch_json(self.http, "GET", metadata.jwks_uri, "provider's key set")
        return parse_keys(document)


class OpenIdProvider(Discovery):
    """A provider at which the service is registered.

    http  the client for requests to it; bounds of time and size are set here
    """

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: Secret,
        *,
        http: httpx.AsyncClient,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(issuer, http=http, clock=clock)
        self.client_id = client_id
        self._client_secret = client_secret

    async def request_tokens(self, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Status (200, or 400 and 401 for a refusal) and answer of the token endpoint. ProviderError for anything else."""
        metadata = await self.metadata()
        if metadata.token_endpoint is None:
            raise ProviderError("the provider has no token endpoint")
        headers: dict[str, str] = {}
        fields = dict(form)
        secret = self._client_secret.reveal()
        if metadata.secret_in_body:
            fields |= {"client_id": self.client_id, "client_secret": secret}
        else:
            # RFC 6749 §2.3.1: each half is encoded as in a form before they are joined.
            pair = f"{quote_plus(self.client_id)}:{quote_plus(secret)}"
            headers["authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        return await fetch_json(
            self.http, "POST", metadata.token_endpoint, "tokens", form=fields, headers=headers, accept_status=(200, 400, 401)
        )


def parse_metadata(document: Mapping[str, Any], issuer: str) -> Metadata:
    """ProviderError where the document is not about `issuer` (Discovery §4.3), or names an address without TLS."""
    if document.get("issuer") != issuer:
        raise ProviderError(f"the description at {issuer} is another issuer's")
    methods = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])

    def endpoint(name: str) -> str | None:
        return checked_url(document[name], name) if name in document else None

    return Metadata(
        issuer=issuer,
        jwks_uri=checked_url(document.get("jwks_uri"), "jwks_uri"),
        authorization_endpoint=endpoint("authorization_endpoint"),
        token_endpoint=endpoint("token_endpoint"),
        userinfo_endpoint=endpoint("userinfo_endpoint"),
        end_session_endpoint=endpoint("end_session_endpoint"),
        secret_in_body=isinstance(methods, list)
        and "client_secret_basic" not in methods
        and "client_secret_post" in methods,
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
    )

"""`runtime.oidc`: what the contract already knows needs no argument."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any

import httpx

from ..contract import Secret, undeclared
from ..google_identity import AccessToken, IdentityError
from ..runtime import Runtime
from ..service import App
from .guard import IAP_ASSERTION, CallerGuard
from .login import SCOPES, Login
from .provider import OpenIdProvider
from .service_tokens import ServiceTokens
from .verifier import GOOGLE, IapVerifier, TokenVerifier


class Accounts:
    """One per process. Providers are asked on first use, and one that is away makes no instance unready: only what needs it
    fails."""

    name = "oidc"

    def __init__(self, runtime: Runtime[Any], http: httpx.AsyncClient) -> None:
        self._contract = runtime.contract
        self.http = http
        """For providers; closed with the runtime."""

    # ---- people ----

    def provider(self, issuer: str, client_id: str, client_secret: Secret) -> OpenIdProvider:
        """A provider at which the service is registered."""
        return OpenIdProvider(issuer, client_id, client_secret, http=self.http)

    def login(
        self, provider: OpenIdProvider, signing_key: Secret, *, path: str = "/callback", scopes: tuple[str, ...] = SCOPES
    ) -> Login:
        """Signing in at it, with the way back to `path` of this service: to be registered at the provider."""
        return Login(provider, self.origin + path, signing_key, scopes=scopes)

    @cached_property
    def iap(self) -> IapVerifier:
        """Whom Identity-Aware Proxy let in. UndeclaredResourceError where it does not stand before the service."""
        if self._contract.iap_audience_prefix is None:
            raise undeclared("iap")
        return IapVerifier(self._contract.iap_audience_prefix, http=self.http)

    def behind_iap(self, app: App, *, paths: Sequence[str] = ("/",)) -> CallerGuard:
        """`app` for people whom the proxy let in: who it is, is in `scope["caller"]`."""
        return CallerGuard(app, self.iap, header=IAP_ASSERTION, paths=paths)

    # ---- services ----

    @cached_property
    def invoker(self) -> TokenVerifier:
        """Calls of Pub/Sub and Cloud Tasks. UndeclaredResourceError where the spec has neither."""
        caller = self._contract.caller
        if caller is None:
            raise undeclared("push")
        return TokenVerifier(GOOGLE, caller.service_url, http=self.http, emails=[caller.invoker_email])

    def for_invoker(self, app: App, *, paths: Sequence[str]) -> CallerGuard:
        """`app`, of which `paths` are for Pub/Sub and Cloud Tasks alone."""
        return CallerGuard(app, self.invoker, paths=paths)

    def verifier(
        self,
        issuer: str = GOOGLE,
        audience: str | None = None,
        *,
        emails: Collection[str] = (),
        scopes: Collection[str] = (),
    ) -> TokenVerifier:
        """Calls of other services, whose tokens are for this service's URL unless `audience` says otherwise.

        ValueError at Google without `emails`: anybody with a Google account can have a token for any audience.
        """
        if issuer == GOOGLE and not emails:
            raise ValueError("which service accounts may call? Google gives everybody tokens for any audience")
        return TokenVerifier(issuer, audience or self.origin, http=self.http, emails=emails, scopes=scopes)

    @cached_property
    def tokens(self) -> ServiceTokens:
        """Tokens for calls to other services, as the workload's own service account."""
        if self._contract.on_platform:
            return ServiceTokens.of_google()
        return ServiceTokens(lambda audience: _NoIdentity())

    @property
    def origin(self) -> str:
        """The service's own URL, without a path: its domain, else where Pub/Sub and Cloud Tasks call it; on a developer's
        machine its port. UndeclaredResourceError where the platform gave it none."""
        if self._contract.external_dns_name is not None:
            return f"https://{self._contract.external_dns_name}"
        if self._contract.caller is not None:
            return self._contract.caller.service_url
        if self._contract.on_platform:
            raise undeclared("domain")
        return f"http://127.0.0.1:{self._contract.port}"

    # ---- as a resource ----

    async def open(self) -> None:
        """Nothing to do: providers are asked on first use."""

    async def check(self) -> None:
        """Never wrong: see the class."""

    async def close(self) -> None:
        await self.http.aclose()


class _NoIdentity:
    async def fetch(self) -> AccessToken:
        raise IdentityError(
            "only the platform gives a service an identity of Google's; elsewhere use ServiceTokens.of_client(provider)"
        )


def accounts(runtime: Runtime[Any]) -> Accounts:
    """What `runtime.oidc` is."""
    # The proxy of the environment may be needed to reach a provider; credentials of a .netrc are nobody's here.
    return Accounts(runtime, httpx.AsyncClient(timeout=httpx.Timeout(10.0)))

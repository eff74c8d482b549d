"""Signing people in: OpenID Connect's authorization code flow, with PKCE (RFC 7636), state and nonce.

start = await login.begin("/settings")            # redirect to start.url, with the header start.set_cookie
signed_in = await login.finish(query, cookie)     # at redirect_uri; then redirect to signed_in.return_to
"""

from __future__ import annotations

import hmac
import logging
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_urlsafe
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from ..contract import Secret
from .attempt import COOKIE_SECONDS, Attempt, open_attempt, seal_attempt
from .claims import IdTokenClaims
from .errors import LoginError, LoginReason, ProviderError, TokenError
from .fetching import checked_url
from .id_token import check_id_token, with_userinfo
from .provider import Metadata, OpenIdProvider
from .return_to import is_own_path

T = TypeVar("T")

LOGGER = logging.getLogger("runtime.oidc")

SCOPES = ("openid", "profile", "email")


@dataclass(frozen=True)
class LoginStart:
    """Where to send the browser, and what it has to bring back."""

    url: str
    cookie: str = field(repr=False)
    """The cookie's value, for `Login.finish`."""
    set_cookie: str = field(repr=False)
    """The whole header `Set-Cookie`."""


@dataclass(frozen=True)
class SignedIn:
    claims: IdTokenClaims
    return_to: str
    """A path of this service."""
    id_token: Secret
    """What `Login.end_session_url` may be given later. It is a bearer token: keep it as one, or not at all."""


class Login:
    """The service as a relying party of one provider.

    redirect_uri  where the provider sends browsers back to: https, or http on this machine; ValueError otherwise
    signing_key   of the cookie that ties an answer to the browser that asked; at least 32 bytes, the same in all instances
    """

    def __init__(
        self, provider: OpenIdProvider, redirect_uri: str, signing_key: Secret, *, scopes: tuple[str, ...] = SCOPES
    ) -> None:
        try:
            self._redirect_uri = checked_url(redirect_uri, "redirect_uri")
        except ProviderError as error:
            raise ValueError(str(error)) from None
        if len(signing_key.reveal().encode()) < 32:
            raise ValueError("the signing key has less than 32 bytes")
        self._provider = provider
        self._key = signing_key
        self._scopes = ("openid", *(scope for scope in scopes if scope != "openid"))
        secure = urlsplit(redirect_uri).scheme == "https"
        self.cookie_name = "__Host-login" if secure else "login"
        """With that prefix no other host of the domain can set it (RFC 6265bis §4.1.3)."""
        # Lax: the way back is a navigation that another site begins.
        self._attributes = f"Path=/; HttpOnly; SameSite=Lax{'; Secure' if secure else ''}"

    @property
    def clear_cookie(self) -> str:
        """The header `Set-Cookie` that takes the cookie away: for the answer to the browser after `finish`."""
        return f"{self.cookie_name}=; Max-Age=0; {self._attributes}"

    async def begin(self, return_to: str = "/") -> LoginStart:
        """A new attempt to sign in. LoginError where `return_to` is no path of this service, or the provider is away."""
        if not is_own_path(return_to):
            raise self._failed("unsafe_return_to", "the path to return to leads elsewhere")
        metadata = await self._metadata()
        if metadata.authorization_endpoint is None:
            raise self._failed("unavailable", "the provider has no authorization endpoint")
        attempt = Attempt(token_urlsafe(32), token_urlsafe(32), token_urlsafe(48), return_to)
        query = {
            "response_type": "code",
            "client_id": self._provider.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": " ".join(self._scopes),
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": urlsafe_b64encode(sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        cookie = seal_attempt(attempt, self._key, self._provider.clock())
        set_cookie = f"{self.cookie_name}={cookie}; Max-Age={COOKIE_SECONDS:.0f}; {self._attributes}"
        return LoginStart(_with_query(metadata.authorization_endpoint, query), cookie, set_cookie)

    async def finish(self, query: Mapping[str, str], cookie: str | None) -> SignedIn:
        """Who it was. LoginError for everything else.

        query   the parameters at `redirect_uri`
        cookie  the value of the cookie `cookie_name`, if the browser sent one
        """
        attempt = None if cookie is None else open_attempt(cookie, self._key, self._provider.clock())
        if attempt is None:
            raise self._failed("interrupted", "no cookie of a sign-in that is open")
        if not hmac.compare_digest(query.get("state", "").encode(errors="replace"), attempt.state.encode()):
            raise self._failed("interrupted", "the state is not that of the cookie")
        self._check_sender(query, await self._metadata())
        if "error" in query:
            declined = query["error"] == "access_denied"
            raise self._failed("declined" if declined else "refused", f"the provider answered {_code(query['error'])}")
        code = query.get("code", "")
        # RFC 6749 appendix A.11: nothing else can be a code.
        if not code or not code.isascii():
            raise self._failed("refused", "the provider answered without a code")
        id_token, claims = await self._redeem(code, attempt)
        return SignedIn(claims, attempt.return_to, Secret(id_token))

    async def end_session_url(self, after: str | None = None, id_token: Secret | None = None) -> str | None:
        """Where to send the browser so that the provider signs the user out as well (RP-Initiated Logout 1.0).

        after     the registered URL to which the provider sends the browser then
        id_token  the one from the sign-in, with which the provider does not have to ask
        None where the provider has no such page. LoginError where it is away.
        """
        metadata = await self._metadata()
        if metadata.end_session_endpoint is None:
            return None
        query = {"client_id": self._provider.client_id}
        if after is not None:
            query["post_logout_redirect_uri"] = after
        if id_token is not None:
            query["id_token_hint"] = id_token.reveal()
        return _with_query(metadata.end_session_endpoint, query)

    async def _metadata(self) -> Metadata:
        return await self._or_unavailable(self._provider.metadata)

    def _check_sender(self, query: Mapping[str, str], metadata: Metadata) -> None:
        """RFC 9207: whose answer this is, where the browser may be signing in at several providers."""
        sender = query.get("iss")
        if sender != metadata.issuer and (sender is not None or metadata.names_itself):
            raise self._failed("refused", "the answer is not from the provider that was asked")

    async def _redeem(self, code: str, attempt: Attempt) -> tuple[str, IdTokenClaims]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": attempt.verifier,
        }
        status, answer = await self._or_unavailable(lambda: self._provider.request_tokens(form))
        id_token, access_token = answer.get("id_token"), answer.get("access_token")
        if status != 200:
            raise self._failed("refused", f"the token endpoint answered {status} {_code(answer.get('error'))}")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise self._failed("refused", "the token endpoint's answer lacks a token")
        return id_token, await self._or_unavailable(lambda: self._claims(id_token, access_token, attempt))

    async def _claims(self, id_token: str, access_token: str, attempt: Attempt) -> IdTokenClaims:
        try:
            claims = await check_id_token(id_token, self._provider, nonce=attempt.nonce, access_token=access_token)
            if "email" in self._scopes and claims.email is None:
                claims = await with_userinfo(claims, self._provider, access_token)
        except TokenError as error:
            raise self._failed("refused", f"the ID token was not accepted ({error.reason}): {error}") from None
        return claims

    async def _or_unavailable(self, call: Callable[[], Awaitable[T]]) -> T:
        try:
            return await call()
        except ProviderError as error:
            raise self._failed("unavailable", str(error)) from None

    def _failed(self, reason: LoginReason, detail: str) -> LoginError:
        LOGGER.log(
            logging.INFO if reason in ("interrupted", "declined") else logging.WARNING,
            "sign-in %s: %s", reason, detail, extra={"provider": self._provider.issuer},
        )  # fmt: skip
        return LoginError(reason, detail)


def _with_query(endpoint: str, query: Mapping[str, str]) -> str:
    """RFC 6749 §3.1: an endpoint may have a query of its own, which stays."""
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def _code(error: object) -> str:
    """An error code of the other side for the log: whoever calls can write anything there."""
    fits = isinstance(error, str) and len(error) <= 40 and all(one.islower() or one == "_" for one in error)
    return f"`{error}`" if fits else "an error without a proper code"

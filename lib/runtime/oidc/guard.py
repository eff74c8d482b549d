"""Lets nobody through without a token: ASGI middleware that works below any framework.

    app = CallerGuard(app, verifier, paths=["/tasks/"])       # who called is in scope["caller"]
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from ..http.answers import problem
from ..service import App, Receive, Scope, Send
from .claims import Claims
from .errors import ProviderError, TokenError
from .verifier import Verifier

LOGGER = logging.getLogger("runtime.oidc")

BEARER = b"authorization"
IAP_ASSERTION = b"x-goog-iap-jwt-assertion"


class CallerGuard:
    """Answers 401 without a good token, 403 for a caller who may not, 503 while tokens can't be looked at. (WebSockets are
    not let through at all.)

    header  `authorization`, whose value is `Bearer <token>`; of others the value is the token
    paths   only what is these paths or begins with those that end in `/`; everything by default
    """

    def __init__(
        self, app: App, verifier: Verifier, *, header: bytes = BEARER, paths: Sequence[str] = ("/",)
    ) -> None:
        if wrong := [path for path in paths if not path.startswith("/")]:
            raise ValueError(f"paths begin with /: {', '.join(wrong)}")
        self._app = app
        self._verifier = verifier
        self._header = header
        self._exact = frozenset(paths)
        self._below = tuple(path for path in paths if path.endswith("/"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # What a caller is called is said here and nowhere else.
        scope.pop("caller", None)
        if scope["type"] == "websocket" and self._guards(scope["path"]):
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "http" and self._guards(scope["path"]):
            caller = await self._caller(scope, send)
            if caller is None:
                return
            scope["caller"] = caller
        await self._app(scope, receive, send)

    def _guards(self, path: str) -> bool:
        return path in self._exact or path.startswith(self._below)

    async def _caller(self, scope: Scope, send: Send) -> Claims | None:
        """None where the answer has been sent."""
        head = scope["method"] == "HEAD"
        token = self._token(scope)
        if token is None:
            await problem(send, 401, "A token is needed.", *self._challenge(), head=head)
            return None
        try:
            return await self._verifier.verify(token)
        except TokenError as error:
            LOGGER.warning("a token was not accepted (%s): %s", error.reason, error, extra={"path": scope["path"]})
            if error.reason == "permission":
                await problem(send, 403, "The caller may not do this.", *self._challenge("insufficient_scope"), head=head)
            else:
                await problem(send, 401, "The token is not accepted.", *self._challenge("invalid_token"), head=head)
        except ProviderError as error:
            LOGGER.error("tokens can't be looked at: %s", error, extra={"path": scope["path"]})
            await problem(send, 503, "Callers can't be told apart at the moment. Try again.", head=head)
        return None

    def _token(self, scope: Scope) -> str | None:
        """The only one that was sent: where there are two, it is anybody's guess which of them others went by."""
        given = [value for name, value in scope["headers"] if name == self._header]
        if len(given) != 1:
            return None
        value: str = given[0].decode("latin-1").strip()
        if self._header == BEARER:
            scheme, _, value = value.partition(" ")
            if scheme.lower() != "bearer":
                return None
        return value.strip() or None

    def _challenge(self, error: str | None = None) -> tuple[tuple[bytes, bytes], ...]:
        """RFC 6750 §3."""
        if self._header != BEARER:
            return ()
        return ((b"www-authenticate", f'Bearer error="{error}"'.encode() if error else b"Bearer"),)

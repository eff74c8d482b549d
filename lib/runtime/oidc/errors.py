"""What can go wrong between a service, its callers and an OpenID provider. No message holds a token, a code or a secret."""

from __future__ import annotations

from typing import Literal

TokenReason = Literal[
    "malformed", "algorithm", "unknown_key", "signature", "issuer", "audience", "expired", "not_yet_valid", "claims",
    "permission",
]  # fmt: skip
"""What was wrong with a token. `permission`: it is genuine, but not allowed to do what it was shown for."""

LoginReason = Literal["interrupted", "declined", "refused", "unavailable", "unsafe_return_to"]

FOR_USERS: dict[LoginReason, str] = {
    "interrupted": "This sign-in is no longer open: it took too long, was begun again elsewhere, or the browser keeps no"
    " cookies. Please sign in again.",
    "declined": "The sign-in was cancelled.",
    "refused": "The sign-in could not be completed. Please sign in again; if that does not help, tell those who run this"
    " service.",
    "unavailable": "Signing in does not work at the moment. Please try again in a few minutes.",
    "unsafe_return_to": "This link leads to another site, and is not followed.",
}
"""Shown to whoever tries to sign in. What exactly went wrong is for the log."""


class ProviderError(Exception):
    """The provider can't be reached, took too long, or answered with something that it must not answer with."""


class TokenError(Exception):
    """A token was not accepted. `reason` is for code, the text for logs."""

    def __init__(self, reason: TokenReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class LoginError(Exception):
    """A sign-in failed. `str(error)` can be shown to the user; `detail` is for the log, where the library has put it."""

    def __init__(self, reason: LoginReason, detail: str) -> None:
        super().__init__(FOR_USERS[reason])
        self.reason = reason
        self.detail = detail

    @property
    def status(self) -> int:
        """What to answer with over HTTP."""
        return 503 if self.reason == "unavailable" else 400

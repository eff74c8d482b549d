"""What a token says, and whether it may say that here and now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import TokenError

SKEW_SECONDS = 60.0
"""By how much the clocks of provider and service may differ."""


@dataclass(frozen=True)
class Claims:
    """The claims of a token that was verified. People's data is not in the representation."""

    issuer: str
    subject: str
    audience: tuple[str, ...]
    expires_at: float
    """Seconds since 1970."""
    values: Mapping[str, Any] = field(repr=False)
    """All of them, by their names in the token."""

    @property
    def email(self) -> str | None:
        """Only an address that the issuer vouches for may identify somebody: see `email_verified`."""
        return self._text("email")

    @property
    def email_verified(self) -> bool:
        """Some providers send it as a text."""
        return self.values.get("email_verified") in (True, "true")

    @property
    def scopes(self) -> frozenset[str]:
        """Of an access token: `scope` (RFC 9068 §2.2.3) or, as some have it, the list `scp`."""
        given = self.values.get("scope", self.values.get("scp", ""))
        if isinstance(given, str):
            return frozenset(given.split())
        return frozenset(one for one in given if isinstance(one, str)) if isinstance(given, list) else frozenset()

    def _text(self, name: str) -> str | None:
        value = self.values.get(name)
        return value if isinstance(value, str) and value else None


@dataclass(frozen=True)
class IdTokenClaims(Claims):
    """Who signed in. `(issuer, subject)` is the one lasting name of a user; addresses and names change hands."""

    @property
    def name(self) -> str | None:
        return self._text("name")

    @property
    def preferred_username(self) -> str | None:
        return self._text("preferred_username")

    @property
    def picture(self) -> str | None:
        return self._text("picture")


def check_times(claims: Mapping[str, Any], now: float, skew: float = SKEW_SECONDS) -> float:
    """When the token expires. TokenError where that was before, or where it is for later."""
    expires_at = _number(claims, "exp")
    if now >= expires_at + skew:
        raise TokenError("expired", f"it expired {now - expires_at:.0f} s ago")
    for name in ("iat", "nbf") if "nbf" in claims else ("iat",):
        if (since := _number(claims, name)) > now + skew:
            raise TokenError("not_yet_valid", f"its {name} is {since - now:.0f} s ahead: are the clocks right?")
    return expires_at


def check_issuer(claims: Mapping[str, Any], issuer: str) -> None:
    if claims.get("iss") != issuer:
        raise TokenError("issuer", f"it was not issued by {issuer}")


def audience_of(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """`aud`, which is a text or a list of them (RFC 7519 §4.1.3)."""
    found = claims.get("aud")
    audience = [found] if isinstance(found, str) else found
    if not isinstance(audience, list) or not audience or not all(isinstance(one, str) for one in audience):
        raise TokenError("claims", "its aud is neither a text nor a list of texts")
    return tuple(audience)


def subject_of(claims: Mapping[str, Any]) -> str:
    """OpenID Connect Core §2: at most 255 ASCII characters."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isascii():
        raise TokenError("claims", "its sub is not a text of 1 to 255 ASCII characters")
    return subject


def _number(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    # Not a number is in no range either.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12:
        raise TokenError("claims", f"its {name} is not a point in time")
    return float(value)

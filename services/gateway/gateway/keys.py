"""Access tokens: what a customer's license key becomes, and what is stored of it.

    access token   mgk_ and SHA-256 of the license key, in 64 lower-case hexadecimal digits
    stored         SHA-256 of the access token, 32 bytes

A license key is long and random, so that a plain hash can't be guessed, and whoever has the license can make the token
without asking anybody. Neither can be had from what is stored.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

PREFIX = "mgk_"

SHORTEST_LICENSE_KEY = 32
"""Characters: below it a key may be guessed from its hash."""

_TOKEN = re.compile(rb"mgk_[0-9a-f]{64}")


class WeakLicenseKeyError(ValueError):
    """The license key is too short to make a token of."""


def derive(license_key: str) -> str:
    """The access token of a license key; spaces around it don't count. Raises WeakLicenseKeyError."""
    trimmed = license_key.strip()
    if len(trimmed) < SHORTEST_LICENSE_KEY:
        raise WeakLicenseKeyError(f"license key: found {len(trimmed)} characters; expected at least {SHORTEST_LICENSE_KEY}")
    return PREFIX + hashlib.sha256(trimmed.encode()).hexdigest()


def stored(token: bytes) -> bytes:
    """What the database keeps of an access token."""
    return hashlib.sha256(token).digest()


def presented(headers: Mapping[bytes, bytes]) -> bytes | None:
    """The access token of a request, as OpenAI's clients send it (Authorization: Bearer) or Anthropic's (x-api-key).

    None where there is none that could be one.
    """
    token = headers.get(b"x-api-key")
    if token is None:
        scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
        if scheme.lower() != b"bearer":
            return None
    token = token.strip()
    return token if _TOKEN.fullmatch(token) else None

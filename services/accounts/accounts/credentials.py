"""Secrets that this service gives out. It keeps only their hashes.

Each has 256 random bits, so that a plain SHA-256 is enough: there is nothing to guess that a slow hash would protect.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import zlib
from dataclasses import dataclass, field

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

TOKEN_PREFIX = "acct_"
"""So that secret scanners find API tokens: `acct_[0-9A-Za-z]{49}`, of which the last six are a checksum of the rest."""

SECRET_DIGITS = 43
"""What 256 bits take in base 62."""
CHECKSUM_DIGITS = 6


@dataclass(frozen=True)
class NewSecret:
    """A secret just made: `text` is shown once, `hash` is kept."""

    text: str = field(repr=False)
    hash: bytes = field(repr=False)


def new_secret() -> NewSecret:
    """For a session's cookie or an invitation's link."""
    text = secrets.token_urlsafe(32)
    return NewSecret(text, hash_of(text))


def new_token() -> NewSecret:
    """For an API token."""
    body = TOKEN_PREFIX + _base62(secrets.randbits(256), SECRET_DIGITS)
    text = body + _checksum(body)
    return NewSecret(text, hash_of(text))


def looks_like_token(text: str) -> bool:
    """Whether it can be one of this service's API tokens: typing errors and garbage never get to the database."""
    body, checksum = text[:-CHECKSUM_DIGITS], text[-CHECKSUM_DIGITS:]
    if not text.isascii() or len(text) != len(TOKEN_PREFIX) + SECRET_DIGITS + CHECKSUM_DIGITS:
        return False
    return body.startswith(TOKEN_PREFIX) and hmac.compare_digest(_checksum(body), checksum)


def hint_of(token: str) -> str:
    """What is shown of a token ever after, so that people recognise theirs."""
    return f"{TOKEN_PREFIX}…{token[-4:]}"


def hash_of(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def form_token(session_secret: str) -> str:
    """What forms of a session carry. Only who has the session's cookie can make it."""
    return hmac.new(session_secret.encode(), b"form", hashlib.sha256).hexdigest()


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), CHECKSUM_DIGITS)


def _base62(number: int, digits: int) -> str:
    found = ""
    for _ in range(digits):
        number, rest = divmod(number, 62)
        found = ALPHABET[rest] + found
    return found

"""A provider's public keys (RFC 7517), and signatures against them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jwt

from .cached import Cached
from .errors import ProviderError, TokenError

ASYMMETRIC = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)  # fmt: skip
"""Whoever verifies can't sign. `none` and HS256 are not among them: with HS256 a public key would be the secret."""

MAXIMUM_TOKEN = 16 * 1024
"""Characters. Bigger than any header that a server takes."""
MAXIMUM_KEYS = 100

_SIGNATURES = jwt.PyJWS(algorithms=sorted(ASYMMETRIC), options={"enforce_minimum_key_length": True})


@dataclass(frozen=True)
class KeySet:
    """The keys that can verify something; others in the document are left out, as RFC 7517 §5 has it."""

    keys: tuple[Mapping[str, Any], ...]
    _made: dict[tuple[int, str], jwt.PyJWK] = field(default_factory=dict, compare=False, repr=False)

    def find(self, kid: str | None, algorithm: str) -> jwt.PyJWK | None:
        """The key with that id; the only key that fits, for a token that names none (OpenID Connect Core §10.1)."""
        fitting = [
            at
            for at, key in enumerate(self.keys)
            if key.get("alg", algorithm) == algorithm and (kid is None or key.get("kid") == kid)
        ]
        if len(fitting) != 1:
            return None
        return self._key(fitting[0], algorithm)

    def _key(self, at: int, algorithm: str) -> jwt.PyJWK | None:
        if (at, algorithm) not in self._made:
            try:
                self._made[at, algorithm] = jwt.PyJWK(dict(self.keys[at]), algorithm)
            except jwt.PyJWTError:
                # Of another kind than the algorithm is for.
                return None
        return self._made[at, algorithm]


def parse_keys(document: Mapping[str, Any]) -> KeySet:
    """The key set in a JWKS document. ProviderError where it is none."""
    found = document.get("keys")
    if not isinstance(found, list) or len(found) > MAXIMUM_KEYS:
        raise ProviderError("the key set has no list of keys, or an absurdly long one")
    usable = [key for key in found if isinstance(key, dict) and key.get("kty") in ("RSA", "EC", "OKP")]
    return KeySet(tuple(key for key in usable if key.get("use", "sig") == "sig"))


async def verified(token: str, keys: Cached[KeySet], algorithms: Sequence[str] = sorted(ASYMMETRIC)) -> dict[str, Any]:
    """The claims of a token whose signature is right. Nothing else about them has been looked at yet.

    TokenError for a wrong one, ProviderError where there are no keys.
    """
    kid, algorithm = _header(token, algorithms)
    key = (await keys.get()).find(kid, algorithm)
    payload = None if key is None else _payload(token, key, algorithm)
    if payload is None:
        # Keys change; and some providers give their tokens no key id, or a new key the old one's.
        key = (await keys.renewed()).find(kid, algorithm)
        if key is None:
            raise TokenError("unknown_key", f"no key of the provider fits its header ({algorithm})")
        payload = _payload(token, key, algorithm)
    if payload is None:
        raise TokenError("signature", "its signature is wrong")
    return _claims(payload)


def _payload(token: str, key: jwt.PyJWK, algorithm: str) -> bytes | None:
    """None where the signature is not that key's."""
    try:
        payload: bytes = _SIGNATURES.decode(token, key, [algorithm])
    except jwt.InvalidSignatureError:
        return None
    except jwt.PyJWTError as error:
        raise TokenError("malformed", f"it can't be verified: {type(error).__name__}") from None
    return payload


def _header(token: str, algorithms: Sequence[str]) -> tuple[str | None, str]:
    """Key id and algorithm."""
    if len(token) > MAXIMUM_TOKEN or not token.isascii():
        raise TokenError("malformed", "it is too long, or has characters that no token has")
    try:
        header = _SIGNATURES.get_unverified_header(token)
    except jwt.PyJWTError:
        raise TokenError("malformed", "it is not a signed JWT") from None
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in algorithms or algorithm not in ASYMMETRIC:
        raise TokenError("algorithm", "it is not signed with an algorithm that is accepted")
    return kid, algorithm


def _claims(payload: bytes) -> dict[str, Any]:
    try:
        claims = json.loads(payload)
    except (ValueError, RecursionError):
        raise TokenError("malformed", "its content is not JSON") from None
    if not isinstance(claims, dict):
        raise TokenError("malformed", "its content is not a JSON object")
    return claims

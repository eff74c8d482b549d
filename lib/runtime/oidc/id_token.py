"""ID tokens: who signed in, from whom, for whom, and in answer to which question (OpenID Connect Core §3.1.3.7)."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256, sha384, sha512
from typing import Any

import jwt

from .claims import IdTokenClaims, audience_of, check_issuer, check_times, subject_of
from .errors import ProviderError, TokenError
from .fetching import fetch_json
from .keys import verified
from .provider import OpenIdProvider


async def check_id_token(token: str, provider: OpenIdProvider, *, nonce: str, access_token: str) -> IdTokenClaims:
    """The claims. TokenError where the token is not the answer to this sign-in, ProviderError where keys can't be had."""
    values = await verified(token, provider.keys)
    check_issuer(values, provider.issuer)
    audience = _for_this_client(values, provider.client_id)
    expires_at = check_times(values, provider.clock())
    given = values.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise TokenError("claims", "its nonce is another sign-in's")
    if "at_hash" in values and values["at_hash"] != _half_hash(token, access_token):
        raise TokenError("claims", "it belongs to another access token (at_hash)")
    return IdTokenClaims(provider.issuer, subject_of(values), audience, expires_at, values)


async def with_userinfo(claims: IdTokenClaims, provider: OpenIdProvider, access_token: str) -> IdTokenClaims:
    """With what the provider says about the user at another address only (Core §5.3). What the ID token says stays.

    TokenError where that is about somebody else; ProviderError where it can't be had.
    """
    endpoint = (await provider.metadata()).userinfo_endpoint
    if endpoint is None:
        return claims
    headers = {"authorization": f"Bearer {access_token}"}
    try:
        _, values = await fetch_json(provider.http, "GET", endpoint, "user's claims", headers=headers)
    except ValueError:
        # Characters that no header may have.
        raise ProviderError("the access token is not one that can be sent") from None
    if values.get("sub") != claims.subject:
        raise TokenError("claims", "the user's claims are somebody else's")
    return replace(claims, values={**values, **claims.values})


def _for_this_client(values: Mapping[str, Any], client_id: str) -> tuple[str, ...]:
    audience = audience_of(values)
    if client_id not in audience:
        raise TokenError("audience", "it was issued for another application")
    if "azp" in values or len(audience) > 1:
        if values.get("azp") != client_id:
            raise TokenError("audience", "it was issued to another application (azp)")
    return audience


def _half_hash(token: str, access_token: str) -> str:
    """Core §3.1.3.6: the left half of the hash whose size the signature's algorithm names."""
    algorithm = jwt.get_unverified_header(token)["alg"]
    hashed = {"384": sha384, "512": sha512}.get(algorithm[-3:], sha512 if algorithm == "EdDSA" else sha256)
    digest = hashed(access_token.encode()).digest()
    return urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()

"""Accounts: signing people in at any OpenID provider, and telling one service from another. Needs PyJWT[crypto]."""

from __future__ import annotations

from runtime.extras import REQUIREMENTS, missing

try:
    import cryptography as _cryptography
    import jwt as _jwt
except ModuleNotFoundError as error:
    if error.name not in ("jwt", "cryptography"):
        raise
    raise missing(error.name, REQUIREMENTS["oidc"], "runtime.oidc") from None

from .accounts import Accounts
from .claims import Claims, IdTokenClaims
from .errors import LoginError, ProviderError, TokenError
from .guard import CallerGuard
from .login import Login, LoginStart, SignedIn
from .provider import OpenIdProvider
from .service_tokens import ServiceTokens
from .verifier import IapVerifier, TokenVerifier

__all__ = [
    "Accounts",
    "CallerGuard",
    "Claims",
    "IapVerifier",
    "IdTokenClaims",
    "Login",
    "LoginError",
    "LoginStart",
    "OpenIdProvider",
    "ProviderError",
    "ServiceTokens",
    "SignedIn",
    "TokenError",
    "TokenVerifier",
]

del _cryptography, _jwt

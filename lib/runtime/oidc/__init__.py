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

from .claims import Claims, IdTokenClaims
from .errors import LoginError, ProviderError, TokenError
from .login import Login, LoginStart, SignedIn
from .provider import OpenIdProvider

__all__ = [
    "Claims",
    "IdTokenClaims",
    "Login",
    "LoginError",
    "LoginStart",
    "OpenIdProvider",
    "ProviderError",
    "SignedIn",
    "TokenError",
]

del _cryptography, _jwt

"""An open attempt to sign in, as it travels in a signed cookie: no instance has to remember it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import jwt

from ..contract import Secret

COOKIE_SECONDS = 600.0
"""How long somebody may take at the provider."""

PURPOSE = "login-attempt"
"""The token's `typ` and audience: nothing else that is signed with the same key passes for it."""


@dataclass(frozen=True)
class Attempt:
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    """PKCE's: proves that who redeems the code is who asked for it."""
    return_to: str


def seal_attempt(attempt: Attempt, key: Secret, now: float) -> str:
    content = {
        "aud": PURPOSE, "exp": int(now + COOKIE_SECONDS), "state": attempt.state, "nonce": attempt.nonce,
        "verifier": attempt.verifier, "return_to": attempt.return_to,
    }  # fmt: skip
    return jwt.encode(content, key.reveal(), algorithm="HS256", headers={"typ": PURPOSE})


def open_attempt(cookie: str, key: Secret, now: float) -> Attempt | None:
    """The attempt; None where it is not genuine or took too long."""
    # Times are compared with the clock that is given.
    unchecked: Any = {"verify_exp": False, "require": ["exp", "aud"]}
    try:
        found = jwt.decode_complete(cookie, key.reveal(), algorithms=["HS256"], audience=PURPOSE, options=unchecked)
    except jwt.PyJWTError:
        return None
    content = found["payload"]
    if found["header"].get("typ") != PURPOSE or now >= content["exp"]:
        return None
    return Attempt(content["state"], content["nonce"], content["verifier"], content["return_to"])

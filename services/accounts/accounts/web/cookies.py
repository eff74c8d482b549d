"""The session's cookie, and whose it is."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from accounts import sessions
from accounts.config import Config
from accounts.context import context_of
from accounts.credentials import NewSecret
from accounts.model import Actor

LONGEST_SECRET = 100


def cookie_name(config: Config) -> str:
    """With the prefix browsers take it from this host alone, over TLS: no neighbour in the domain can set another one.

    https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.3.2
    """
    return "__Host-session" if config.secure else "session"


def session_secret(request: Request) -> str | None:
    """What the browser sent; None where it can't be a session's secret."""
    secret = request.cookies.get(cookie_name(context_of(request).config))
    return secret if secret and len(secret) <= LONGEST_SECRET and secret.isascii() else None


async def actor_of(request: Request) -> Actor | None:
    """Who is signed in."""
    secret = session_secret(request)
    if secret is None:
        return None
    context = context_of(request)
    async with context.database.connection() as connection:
        return await sessions.authenticate(connection, secret, context.config.session_idle)


def set_session(response: Response, config: Config, secret: NewSecret) -> None:
    response.set_cookie(
        cookie_name(config), secret.text, max_age=int(config.session_lifetime.total_seconds()), path="/",
        secure=config.secure, httponly=True, samesite="lax",
    )  # fmt: skip


def clear_session(response: Response, config: Config) -> None:
    response.delete_cookie(cookie_name(config), path="/", secure=config.secure, httponly=True, samesite="lax")

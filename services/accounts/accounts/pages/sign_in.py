"""Signing in by the OIDC provider, and out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from accounts import sessions, users
from accounts.context import context_of
from accounts.errors import RequestError, UnavailableError
from accounts.rate_limits import SIGN_INS
from accounts.roles import PLATFORM
from accounts.web.cookies import actor_of, clear_session, session_secret, set_session
from accounts.web.headers import client_address
from accounts.web.rendering import render
from accounts.web.visit import Visit, done
from runtime.oidc import LoginError
from runtime.postgres import Connection

CALLBACK = "/sign-in/callback"


async def home(request: Request) -> Response:
    """Who is signed in sees their own page, who is not what this is."""
    request.state.actor = await actor_of(request)
    if request.state.actor is not None:
        return RedirectResponse("/profile", 303)
    return render(request, "home.html")


async def begin(request: Request) -> Response:
    context = context_of(request)
    await context.limits.take(SIGN_INS, client_address(request, on_platform=context.on_platform))
    try:
        start = await context.login.begin(request.query_params.get("return_to") or "/")
    except LoginError as error:
        raise _shown(error) from None
    response = RedirectResponse(start.url, 303)
    response.headers.append("set-cookie", start.set_cookie)
    return response


async def finish(request: Request) -> Response:
    """Whoever comes back gets a new session: one that somebody put into the browser before is worth nothing."""
    context = context_of(request)
    await context.limits.take(SIGN_INS, client_address(request, on_platform=context.on_platform))
    try:
        signed_in = await context.login.finish(dict(request.query_params), request.cookies.get(context.login.cookie_name))
    except LoginError as error:
        raise _shown(error) from None
    claims = signed_in.claims
    person = users.Person(
        issuer=claims.issuer,
        subject=claims.subject,
        name=claims.name or claims.preferred_username or "",
        email=claims.email,
        email_verified=claims.email_verified,
    )
    is_admin = claims.email_verified and context.config.is_admin_email(claims.email or "")

    async def sign_in(connection: Connection) -> tuple[sessions.NewSecret, bool]:
        user, _ = await users.sign_in(connection, person, may_become_admin=is_admin)
        device = sessions.device_of(request.headers.get("user-agent", ""))
        lifetime = context.config.session_lifetime
        _, secret = await sessions.begin(connection, user, device, lifetime, session_secret(request))
        return secret, user.platform_admin

    secret, admin = await context.database.run(sign_in)
    if admin:
        await context.roles.settle_after(PLATFORM)
    response = RedirectResponse(signed_in.return_to, 303)
    set_session(response, context.config, secret)
    response.headers.append("set-cookie", context.login.clear_cookie)
    return response


async def sign_out(visit: Visit) -> Response:
    async with visit.context.database.transaction() as connection:
        await sessions.end(connection, visit.actor, visit.actor.credential_id)
    response = done("/", "signed-out")
    clear_session(response, visit.context.config)
    return response


def _shown(error: LoginError) -> RequestError:
    if error.reason == "unavailable":
        return UnavailableError(str(error))
    return RequestError(str(error))

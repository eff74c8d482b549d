"""One's own profile, sessions and tokens."""

from __future__ import annotations

from starlette.responses import Response

from accounts import organizations, sessions, tokens, users
from accounts.model import Scope
from accounts.rows import Page, Window
from accounts.web.cookies import clear_session
from accounts.web.visit import Visit, done


async def profile(visit: Visit) -> Response:
    async with visit.context.database.connection() as connection:
        own = await organizations.of_user(connection, visit.actor.id, Window(size=5))
    return visit.page("profile.html", user=visit.actor.user, organizations=own)


async def save_profile(visit: Visit) -> Response:
    async with visit.context.database.transaction() as connection:
        await users.rename(connection, visit.actor, visit.text("name"), visit.number("version"))
    return done("/profile", "saved")


async def show_delete(visit: Visit) -> Response:
    return visit.page("delete_account.html")


async def delete(visit: Visit) -> Response:
    """The form has to say so in words: nobody deletes an account with one click."""
    if visit.text("confirm").strip().casefold() != "delete my account":
        return visit.page("delete_account.html", 422, wrong=True)
    objects = await _objects(visit)
    async with visit.context.database.transaction() as connection:
        await users.delete(connection, visit.actor)
    for object in objects:
        await visit.context.roles.settle_after(object)
    response = done("/", "deleted")
    clear_session(response, visit.context.config)
    return response


async def _objects(visit: Visit) -> list[str]:
    window = Window(size=organizations.MOST)
    async with visit.context.database.connection() as connection:
        own = await organizations.of_user(connection, visit.actor.id, window)
    return [f"organization:{one.id}" for one in own.items]


async def list_sessions(visit: Visit) -> Response:
    async with visit.context.database.connection() as connection:
        found = await sessions.of_user(connection, visit.actor.id, visit.context.config.session_idle, visit.window)
    return visit.page("sessions.html", sessions=found)


async def end_session(visit: Visit) -> Response:
    session_id = visit.id("session_id")
    async with visit.context.database.transaction() as connection:
        await sessions.end(connection, visit.actor, session_id)
    if session_id != visit.actor.credential_id:
        return done("/sessions", "session-ended")
    response = done("/", "signed-out")
    clear_session(response, visit.context.config)
    return response


async def end_other_sessions(visit: Visit) -> Response:
    async with visit.context.database.transaction() as connection:
        await users.end_sessions(connection, visit.actor, visit.actor.id, but=visit.actor.credential_id)
    return done("/sessions", "sessions-ended")


async def list_tokens(visit: Visit) -> Response:
    return visit.page("tokens.html", tokens=await _tokens(visit), scopes=list(Scope), made=None, secret=None)


async def create_token(visit: Visit) -> Response:
    """Its secret is in this one answer and nowhere else, so there is no page to be sent to."""
    async with visit.context.database.transaction() as connection:
        token, secret = await tokens.create(
            connection, visit.actor, visit.text("name"), visit.form.get("scopes", []), visit.number("days")
        )
    shown = await _tokens(visit)
    return visit.page("tokens.html", tokens=shown, scopes=list(Scope), made=token, secret=secret.text)


async def _tokens(visit: Visit) -> Page[tokens.ApiToken]:
    async with visit.context.database.connection() as connection:
        return await tokens.of_user(connection, visit.actor.id, visit.window)


async def revoke_token(visit: Visit) -> Response:
    async with visit.context.database.transaction() as connection:
        await tokens.revoke(connection, visit.actor, visit.id("token_id"))
    return done("/tokens", "token-revoked")

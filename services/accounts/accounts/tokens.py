"""API tokens: for programs that act as a user."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from accounts import audit
from accounts.credentials import NewSecret, hash_of, hint_of, looks_like_token, new_token
from accounts.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from accounts.model import Actor, ApiToken, Scope, User
from accounts.rows import Page, Window, all_of, by_age, changed, one_of, required, value_of
from accounts.users import COLUMNS as USER_COLUMNS
from runtime.postgres import Connection

COLUMNS = "id, user_id, name, hint, scopes, created_at, expires_at, used_at"

MOST = 50
"""Tokens that one user may have."""
LONGEST_DAYS = 366
LONGEST_NAME = 100

USED_EVERY = timedelta(hours=1)
"""How exactly it is known when a token was last used: not every request writes."""


async def create(
    connection: Connection, actor: Actor, name: str, scopes: Sequence[str], days: int
) -> tuple[ApiToken, NewSecret]:
    """A token that works for so many days. Its secret is shown now and never again.

    A token makes no token that may more than itself: ForbiddenError.
    """
    wanted = sorted({scope for scope in Scope if scope in scopes})
    unknown = sorted(set(scopes) - set(Scope))
    if unknown or not wanted:
        raise InvalidError("A token needs to be for something.", {"scopes": f"one or more of {', '.join(Scope)}"})
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidError("A token needs an end.", {"days": f"from 1 to {LONGEST_DAYS}"})
    if actor.scopes is not None and not set(wanted) <= actor.scopes:
        raise ForbiddenError("A token can't make one that may more than itself.")
    # Two requests at once don't exceed the limit together.
    await connection.execute("SELECT 1 FROM users WHERE id = %s FOR UPDATE", (actor.id,))
    if await value_of(connection, "SELECT count(*) FROM api_tokens WHERE user_id = %(id)s", {"id": actor.id}) >= MOST:
        raise ConflictError(f"You have {MOST} tokens. Revoke one that is no longer needed.")
    secret = new_token()
    token = await one_of(
        connection,
        ApiToken,
        f"""
        INSERT INTO api_tokens (id, user_id, name, hint, secret_hash, scopes, expires_at)
        VALUES (%(id)s, %(user)s, %(name)s, %(hint)s, %(hash)s, %(scopes)s, now() + %(lifetime)s) RETURNING {COLUMNS}
        """,
        {
            "id": uuid4(),
            "user": actor.id,
            "name": required(name, "name", LONGEST_NAME),
            "hint": hint_of(secret.text),
            "hash": secret.hash,
            "scopes": [str(scope) for scope in wanted],
            "lifetime": timedelta(days=days),
        },
    )
    assert token is not None
    await audit.record(
        connection, actor, "token.created", ("token", token.id), details={"scopes": token.scopes, "days": days}
    )
    return token, secret


async def authenticate(connection: Connection, text: str) -> Actor | None:
    """Who has this token; None where it has ended or was revoked, or its user is not active."""
    if not looks_like_token(text):
        return None
    token = await one_of(
        connection,
        ApiToken,
        f"SELECT {COLUMNS} FROM api_tokens WHERE secret_hash = %(hash)s AND expires_at > now()",
        {"hash": hash_of(text)},
    )
    if token is None:
        return None
    user = await one_of(
        connection,
        User,
        f"SELECT {USER_COLUMNS} FROM users WHERE id = %(id)s AND status = 'active'",
        {"id": token.user_id},
    )
    if user is None:
        return None
    await connection.execute(
        "UPDATE api_tokens SET used_at = date_trunc('hour', now())"
        " WHERE id = %s AND (used_at IS NULL OR used_at < now() - %s::interval)",
        (token.id, USED_EVERY),
    )
    return Actor(user, "token", token.id, frozenset(token.scopes), audit.request_id())


async def of_user(connection: Connection, user_id: UUID, window: Window) -> Page[ApiToken]:
    """All that were not revoked, the newest first."""
    found = await all_of(
        connection,
        ApiToken,
        f"""
        SELECT {COLUMNS} FROM api_tokens
        WHERE user_id = %(user)s AND (%(at)s::timestamptz IS NULL OR (created_at, id) < (%(at)s, %(id)s::uuid))
        ORDER BY created_at DESC, id DESC LIMIT %(limit)s
        """,
        {**window.after_row(), "user": user_id},
    )
    return window.page(found, lambda token: by_age(token.created_at, token.id))


async def get(connection: Connection, actor: Actor, token_id: UUID) -> ApiToken:
    """One of one's own. NotFoundError for all others."""
    token = await one_of(
        connection,
        ApiToken,
        f"SELECT {COLUMNS} FROM api_tokens WHERE id = %(id)s AND user_id = %(user)s",
        {"id": token_id, "user": actor.id},
    )
    if token is None:
        raise NotFoundError("There is no such token.")
    return token


async def revoke(connection: Connection, actor: Actor, token_id: UUID, *, of: UUID | None = None) -> None:
    """Revoke one's own, or as an administrator somebody else's (`of`). NotFoundError for all others."""
    revoked = await changed(
        connection,
        "DELETE FROM api_tokens WHERE id = %(id)s AND user_id = %(user)s",
        {"id": token_id, "user": of or actor.id},
    )
    if not revoked:
        raise NotFoundError("There is no such token.")
    await audit.record(connection, actor, "token.revoked", ("token", token_id))

"""Sessions: a random secret in a cookie, its hash in the database.

They are read from PostgreSQL with every request, one look-up by a unique key, and not from a cache: so a session that is
ended has ended.
"""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

from accounts import audit
from accounts.credentials import NewSecret, form_token, hash_of, new_secret
from accounts.errors import NotFoundError
from accounts.model import Actor, Session, User
from accounts.rows import Page, Window, all_of, by_age, changed, one_of
from accounts.users import COLUMNS as USER_COLUMNS
from runtime.postgres import Connection

COLUMNS = "id, user_id, device, created_at, seen_at, expires_at"

SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is known when a session was last used: not every request writes."""


async def begin(
    connection: Connection, user: User, device: str, lifetime: timedelta, replaced: str | None
) -> tuple[Session, NewSecret]:
    """A new session with a new secret; the one that the browser had before (`replaced`, its secret) ends."""
    if replaced:
        await connection.execute("DELETE FROM sessions WHERE secret_hash = %s", (hash_of(replaced),))
    secret = new_secret()
    session = await one_of(
        connection,
        Session,
        f"INSERT INTO sessions (id, user_id, secret_hash, device, expires_at)"
        f" VALUES (%(id)s, %(user)s, %(hash)s, %(device)s, now() + %(lifetime)s) RETURNING {COLUMNS}",
        {"id": uuid4(), "user": user.id, "hash": secret.hash, "device": device, "lifetime": lifetime},
    )
    assert session is not None
    actor = Actor(user, "session", session.id)
    await audit.record(connection, actor, "session.begun", ("session", session.id))
    return session, secret


async def authenticate(connection: Connection, secret: str, idle: timedelta) -> Actor | None:
    """Who has this secret; None where its session has ended, was too long unused, or its user is not active."""
    session = await one_of(
        connection,
        Session,
        f"SELECT {COLUMNS} FROM sessions"
        " WHERE secret_hash = %(hash)s AND expires_at > now() AND seen_at > now() - %(idle)s::interval",
        {"hash": hash_of(secret), "idle": idle},
    )
    if session is None:
        return None
    user = await one_of(
        connection,
        User,
        f"SELECT {USER_COLUMNS} FROM users WHERE id = %(id)s AND status = 'active'",
        {"id": session.user_id},
    )
    if user is None:
        return None
    await connection.execute(
        "UPDATE sessions SET seen_at = now() WHERE id = %s AND seen_at < now() - %s::interval", (session.id, SEEN_EVERY)
    )
    return Actor(user, "session", session.id, request_id=audit.request_id(), form_token=form_token(secret))


async def of_user(connection: Connection, user_id: UUID, idle: timedelta, window: Window) -> Page[Session]:
    """Those that still work, the newest first."""
    found = await all_of(
        connection,
        Session,
        f"""
        SELECT {COLUMNS} FROM sessions
        WHERE user_id = %(user)s AND expires_at > now() AND seen_at > now() - %(idle)s::interval
          AND (%(at)s::timestamptz IS NULL OR (created_at, id) < (%(at)s, %(id)s::uuid))
        ORDER BY created_at DESC, id DESC LIMIT %(limit)s
        """,
        {**window.after_row(), "user": user_id, "idle": idle},
    )
    return window.page(found, lambda session: by_age(session.created_at, session.id))


async def end(connection: Connection, actor: Actor, session_id: UUID) -> None:
    """End one of one's own. NotFoundError for all others."""
    ended = await changed(
        connection,
        "DELETE FROM sessions WHERE id = %(id)s AND user_id = %(user)s",
        {"id": session_id, "user": actor.id},
    )
    if not ended:
        raise NotFoundError("There is no such session.")
    await audit.record(connection, actor, "session.ended", ("session", session_id))


async def forget_ended(connection: Connection, idle: timedelta) -> int:
    """Delete those that no longer work; how many."""
    return await changed(
        connection, "DELETE FROM sessions WHERE expires_at < now() OR seen_at < now() - %(idle)s::interval", {"idle": idle}
    )


BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("iPhone|iPad", "iOS"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))


def device_of(user_agent: str) -> str:
    """As people call it: `Firefox on Linux`. Nothing more of the header is kept."""
    browser = next((name for pattern, name in BROWSERS if re.search(pattern, user_agent)), "A program")
    system = next((name for pattern, name in SYSTEMS if re.search(pattern, user_agent)), "")
    return f"{browser} on {system}" if system else browser

"""Users: signing up and in, changing, deactivating and deleting them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from accounts import audit, roles
from accounts.errors import ChangedMeanwhileError, ConflictError, ForbiddenError, NotFoundError
from accounts.model import Actor, User
from accounts.rows import Page, Window, all_of, by_age, changed, clean, containing, one_of, required, value_of
from runtime.postgres import Connection

LONGEST_NAME = 200
LONGEST_EMAIL = 320

COLUMNS = "id, name, email, email_verified, status, platform_admin, version, created_at, updated_at, signed_in_at"

ADMINS_LOCK = 5_114_201
"""Whoever makes or unmakes an administrator holds this lock: so there is always one, once there was."""


@dataclass(frozen=True)
class Person:
    """Whom the OIDC provider has seen."""

    issuer: str
    subject: str
    name: str = ""
    email: str | None = None
    email_verified: bool = False


async def sign_in(connection: Connection, person: Person, *, may_become_admin: bool) -> tuple[User, bool]:
    """The person's account, made if there is none, and whether it was made now.

    The provider's issuer and subject decide whose account it is, never the address: that can change, and change hands.
    may_become_admin  whether the configuration names the person's verified address, for as long as nobody is administrator

    ForbiddenError for an account that is deactivated.
    """
    # Two first sign-ins of one person at once are one account.
    await connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"{person.issuer} {person.subject}",)
    )
    user_id = await value_of(
        connection,
        "SELECT user_id FROM identities WHERE issuer = %(issuer)s AND subject = %(subject)s",
        {"issuer": person.issuer, "subject": person.subject},
    )
    is_new = user_id is None
    user = await (_sign_up(connection, person) if is_new else _known(connection, person, user_id))
    if user.status != "active":
        raise ForbiddenError("Your account is deactivated. Ask an administrator of this service.")
    if may_become_admin and person.email_verified and not user.platform_admin:
        user = await _first_admin(connection, user)
    return user, is_new


async def _sign_up(connection: Connection, person: Person) -> User:
    email = clean(person.email or "", LONGEST_EMAIL) or None
    user = await one_of(
        connection,
        User,
        f"INSERT INTO users (id, name, email, email_verified, signed_in_at)"
        f" VALUES (%(id)s, %(name)s, %(email)s, %(verified)s, now()) RETURNING {COLUMNS}",
        {
            "id": uuid4(),
            "name": clean(person.name, LONGEST_NAME) or (email or "").partition("@")[0][:LONGEST_NAME] or "New user",
            "email": email,
            "verified": person.email_verified and email is not None,
        },
    )
    assert user is not None
    await connection.execute(
        "INSERT INTO identities (issuer, subject, user_id) VALUES (%s, %s, %s)", (person.issuer, person.subject, user.id)
    )
    await audit.record(connection, None, "user.signed_up", ("user", user.id))
    return user


async def _known(connection: Connection, person: Person, user_id: UUID) -> User:
    """The provider is who knows addresses: what it says now counts. The name is the user's own to change."""
    before = await _locked(connection, user_id)
    email = clean(person.email or "", LONGEST_EMAIL) or None
    verified = person.email_verified and email is not None
    if before.status == "active" and (email, verified) != (before.email, before.email_verified):
        await connection.execute(
            "UPDATE users SET email = %s, email_verified = %s, version = version + 1, updated_at = now() WHERE id = %s",
            (email, verified, user_id),
        )
        await audit.record(connection, None, "user.email_changed", ("user", user_id), details={"verified": verified})
    await connection.execute("UPDATE users SET signed_in_at = now() WHERE id = %s", (user_id,))
    return await get(connection, user_id)


async def _first_admin(connection: Connection, user: User) -> User:
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (ADMINS_LOCK,))
    if await value_of(connection, "SELECT 1 FROM users WHERE platform_admin LIMIT 1", {}):
        return user
    await _write_admin(connection, user.id, True)
    await audit.record(connection, None, "user.made_admin", ("user", user.id), details={"first": True})
    return await get(connection, user.id)


async def get(connection: Connection, user_id: UUID) -> User:
    """NotFoundError where there is none."""
    user = await one_of(connection, User, f"SELECT {COLUMNS} FROM users WHERE id = %(id)s", {"id": user_id})
    if user is None:
        raise NotFoundError("There is no such user.")
    return user


async def _locked(connection: Connection, user_id: UUID) -> User:
    user = await one_of(connection, User, f"SELECT {COLUMNS} FROM users WHERE id = %(id)s FOR UPDATE", {"id": user_id})
    if user is None:
        raise NotFoundError("There is no such user.")
    return user


async def search(connection: Connection, text: str, status: str | None, window: Window) -> Page[User]:
    """By any part of name or address, or by the whole id; the newest first."""
    found = await all_of(
        connection,
        User,
        f"""
        SELECT {COLUMNS} FROM users
        WHERE (%(at)s::timestamptz IS NULL OR (created_at, id) < (%(at)s, %(id)s::uuid))
          AND (%(status)s::text IS NULL OR status = %(status)s)
          AND (%(text)s = '' OR name ILIKE %(pattern)s OR email ILIKE %(pattern)s OR id::text = %(text)s)
        ORDER BY created_at DESC, id DESC LIMIT %(limit)s
        """,
        {**window.after_row(), "status": status, "text": clean(text, 200), "pattern": containing(clean(text, 200))},
    )
    return window.page(found, lambda user: by_age(user.created_at, user.id))


async def rename(connection: Connection, actor: Actor, name: str, version: int | None) -> User:
    """Change one's own name. ChangedMeanwhileError where `version` is given and no longer the user's."""
    before = await _locked(connection, actor.id)
    if version is not None and version != before.version:
        raise ChangedMeanwhileError("The profile was changed meanwhile. Look at it again before you change it.")
    wanted = required(name, "name", LONGEST_NAME)
    if wanted == before.name:
        return before
    await connection.execute(
        "UPDATE users SET name = %s, version = version + 1, updated_at = now() WHERE id = %s", (wanted, actor.id)
    )
    await audit.record(connection, actor, "user.renamed", ("user", actor.id))
    return await get(connection, actor.id)


async def deactivate(connection: Connection, actor: Actor, user_id: UUID) -> User:
    """Nothing of theirs works from now on; sessions end. An administrator's doing."""
    if actor.id == user_id:
        raise ConflictError("You can't deactivate yourself. Another administrator can.")
    user = await _locked(connection, user_id)
    if user.status == "deleted":
        raise NotFoundError("There is no such user.")
    if user.platform_admin:
        raise ConflictError("This user is an administrator. Take that away first.")
    if user.status == "active":
        await connection.execute(
            "UPDATE users SET status = 'deactivated', version = version + 1, updated_at = now() WHERE id = %s", (user_id,)
        )
        await connection.execute("DELETE FROM sessions WHERE user_id = %s", (user_id,))
        await audit.record(connection, actor, "user.deactivated", ("user", user_id))
    return await get(connection, user_id)


async def reactivate(connection: Connection, actor: Actor, user_id: UUID) -> User:
    """The opposite. Tokens work again; sessions have to be begun anew."""
    user = await _locked(connection, user_id)
    if user.status == "deleted":
        raise NotFoundError("There is no such user.")
    if user.status == "deactivated":
        await connection.execute(
            "UPDATE users SET status = 'active', version = version + 1, updated_at = now() WHERE id = %s", (user_id,)
        )
        await audit.record(connection, actor, "user.reactivated", ("user", user_id))
    return await get(connection, user_id)


async def set_admin(connection: Connection, actor: Actor, user_id: UUID, *, admin: bool) -> User:
    """Make somebody an administrator of the service, or no longer one. There is always at least one."""
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (ADMINS_LOCK,))
    user = await _locked(connection, user_id)
    if user.status != "active":
        raise ConflictError("This user is not active.")
    if user.platform_admin == admin:
        return user
    if not admin and await value_of(connection, "SELECT count(*) FROM users WHERE platform_admin", {}) < 2:
        raise ConflictError("This is the last administrator. Make somebody else one first.")
    await _write_admin(connection, user_id, admin)
    await audit.record(connection, actor, "user.made_admin" if admin else "user.unmade_admin", ("user", user_id))
    return await get(connection, user_id)


async def _write_admin(connection: Connection, user_id: UUID, admin: bool) -> None:
    await connection.execute(
        "UPDATE users SET platform_admin = %s, version = version + 1, updated_at = now() WHERE id = %s", (admin, user_id)
    )
    await roles.unsettle(connection, roles.PLATFORM, user_id)


async def delete(connection: Connection, actor: Actor) -> None:
    """Delete one's own account: everything that says who it was. ConflictError with what has to be done before."""
    if actor.user.platform_admin:
        raise ConflictError("You are an administrator. Have another one take that away first.")
    # Their organisations first, always in one order, as changing members locks them, too.
    await connection.execute(
        "SELECT 1 FROM organizations WHERE id IN (SELECT organization_id FROM memberships WHERE user_id = %s)"
        " ORDER BY id FOR UPDATE",
        (actor.id,),
    )
    user = await _locked(connection, actor.id)
    if user.platform_admin:
        raise ConflictError("You are an administrator. Have another one take that away first.")
    alone = await value_of(
        connection,
        """
        SELECT string_agg(name, ', ' ORDER BY name) FROM organizations WHERE id IN (
            SELECT organization_id FROM memberships WHERE role = 'owner'
            GROUP BY organization_id HAVING array_agg(user_id) = ARRAY[%(id)s::uuid])
        """,
        {"id": actor.id},
    )
    if alone:
        raise ConflictError(f"You are the last owner of {alone}. Make somebody else an owner, or delete it, first.")
    await connection.execute(
        "INSERT INTO unsettled_roles (object, user_id) SELECT 'organization:' || organization_id, user_id"
        " FROM memberships WHERE user_id = %s ON CONFLICT (object, user_id) DO UPDATE SET since = now()",
        (actor.id,),
    )
    for table in ("identities", "sessions", "api_tokens", "memberships", "idempotency_keys"):
        await connection.execute(f"DELETE FROM {table} WHERE user_id = %s".encode(), (actor.id,))
    await connection.execute("DELETE FROM invitations WHERE invited_by = %s AND accepted_at IS NULL", (actor.id,))
    if user.email is not None:
        # Their address stands in invitations, too.
        await connection.execute("DELETE FROM invitations WHERE lower(email) = lower(%s)", (user.email,))
    await connection.execute(
        "UPDATE users SET name = 'Deleted user', email = NULL, email_verified = false, status = 'deleted',"
        " signed_in_at = NULL, version = version + 1, updated_at = now() WHERE id = %s",
        (actor.id,),
    )
    await audit.record(connection, actor, "user.deleted", ("user", actor.id))


async def end_sessions(connection: Connection, actor: Actor, user_id: UUID, *, but: UUID | None = None) -> int:
    """Sign a user out everywhere, but for one session; how many ended."""
    ended = await changed(
        connection,
        "DELETE FROM sessions WHERE user_id = %(user)s AND (%(but)s::uuid IS NULL OR id <> %(but)s)",
        {"user": user_id, "but": but},
    )
    await audit.record(connection, actor, "session.all_ended", ("user", user_id), details={"count": ended})
    return ended

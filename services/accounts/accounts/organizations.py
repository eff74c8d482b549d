"""Organisations."""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID, uuid4

import psycopg

from accounts import audit, roles
from accounts.errors import ChangedMeanwhileError, ConflictError, InvalidError, NotFoundError
from accounts.model import Actor, Organization, OwnOrganization, Role
from accounts.rows import Page, Window, all_of, by_age, clean, containing, one_of, required, value_of
from runtime.postgres import Connection

COLUMNS = "id, name, slug, version, created_at, updated_at"

LONGEST_NAME = 100
MOST = 100
"""Organisations that one user may be in."""

SLUG = re.compile(r"[a-z0-9](?:-?[a-z0-9]){1,39}")


def slug_of(name: str) -> str:
    """A name as part of an address: `Café Zoë` is `cafe-zoe`. May fit no slug, where there are no letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")


async def lock_active(connection: Connection, actor: Actor) -> None:
    """Nobody who is being deleted or deactivated becomes a member meanwhile. (Organisations are locked before users.)"""
    query = "SELECT 1 FROM users WHERE id = %(id)s AND status = 'active' FOR UPDATE"
    if await value_of(connection, query, {"id": actor.id}) is None:
        raise ConflictError("Your account is not active any more.")
    count = await value_of(connection, "SELECT count(*) FROM memberships WHERE user_id = %(id)s", {"id": actor.id})
    if count >= MOST:
        raise ConflictError(f"You are in {MOST} organisations. Leave one first.")


async def create(connection: Connection, actor: Actor, name: str, slug: str | None = None) -> OwnOrganization:
    """Make one, and the actor its owner."""
    wanted = required(name, "name", LONGEST_NAME)
    short = slug if slug is not None else slug_of(wanted)
    if not SLUG.fullmatch(short):
        raise InvalidError(
            "The short name does not fit.", {"slug": "2 to 40 lower-case letters and digits, with single hyphens between"}
        )
    await lock_active(connection, actor)
    id = uuid4()
    try:
        async with connection.transaction():
            await connection.execute("INSERT INTO organizations (id, name, slug) VALUES (%s, %s, %s)", (id, wanted, short))
    except psycopg.errors.UniqueViolation:
        raise ConflictError(f"There is an organisation {short} already. Choose another short name.") from None
    await connection.execute(
        "INSERT INTO memberships (organization_id, user_id, role) VALUES (%s, %s, %s)", (id, actor.id, str(Role.OWNER))
    )
    await roles.unsettle(connection, roles.organization_object(id), actor.id)
    await audit.record(connection, actor, "organization.created", ("organization", id), organization=id)
    found = await own(connection, actor, id)
    assert found is not None
    return found


async def get(connection: Connection, organization_id: UUID, *, lock: bool = False) -> Organization:
    """NotFoundError where there is none. With `lock` its members and invitations stay as they are until the end."""
    query = f"SELECT {COLUMNS} FROM organizations WHERE id = %(id)s {'FOR UPDATE' if lock else ''}"
    found = await one_of(connection, Organization, query, {"id": organization_id})
    if found is None:
        raise NotFoundError("There is no such organisation, or you are not a member of it.")
    return found


OWN = """
    SELECT o.id, o.name, o.slug, o.version, o.created_at, o.updated_at, m.role
    FROM organizations o JOIN memberships m ON m.organization_id = o.id AND m.user_id = %(user)s
"""


async def own(connection: Connection, actor: Actor, organization_id: UUID) -> OwnOrganization | None:
    """One with the actor's role in it; None where there is none."""
    query = f"{OWN} WHERE o.id = %(id)s"
    return await one_of(connection, OwnOrganization, query, {"user": actor.id, "id": organization_id})


async def of_user(connection: Connection, user_id: UUID, window: Window) -> Page[OwnOrganization]:
    """Those that a user is a member of, the newest first."""
    found = await all_of(
        connection,
        OwnOrganization,
        f"{OWN} WHERE %(at)s::timestamptz IS NULL OR (o.created_at, o.id) < (%(at)s, %(id)s::uuid)"
        " ORDER BY o.created_at DESC, o.id DESC LIMIT %(limit)s",
        {**window.after_row(), "user": user_id},
    )
    return window.page(found, lambda organization: by_age(organization.created_at, organization.id))


async def search(connection: Connection, text: str, window: Window) -> Page[Organization]:
    """All of them, by a part of the name or short name. For administrators."""
    found = await all_of(
        connection,
        Organization,
        f"""
        SELECT {COLUMNS} FROM organizations
        WHERE (%(at)s::timestamptz IS NULL OR (created_at, id) < (%(at)s, %(id)s::uuid))
          AND (%(text)s = '' OR name ILIKE %(pattern)s OR slug ILIKE %(pattern)s OR id::text = %(text)s)
        ORDER BY created_at DESC, id DESC LIMIT %(limit)s
        """,
        {**window.after_row(), "text": clean(text, 200), "pattern": containing(clean(text, 200))},
    )
    return window.page(found, lambda organization: by_age(organization.created_at, organization.id))


async def rename(
    connection: Connection, actor: Actor, organization_id: UUID, name: str, version: int | None
) -> Organization:
    """ChangedMeanwhileError where `version` is given and no longer the organisation's."""
    before = await get(connection, organization_id, lock=True)
    if version is not None and version != before.version:
        raise ChangedMeanwhileError("The organisation was changed meanwhile. Look at it again before you change it.")
    wanted = required(name, "name", LONGEST_NAME)
    if wanted == before.name:
        return before
    await connection.execute(
        "UPDATE organizations SET name = %s, version = version + 1, updated_at = now() WHERE id = %s",
        (wanted, organization_id),
    )
    target = ("organization", organization_id)
    await audit.record(connection, actor, "organization.renamed", target, organization=organization_id)
    return await get(connection, organization_id)


async def delete(connection: Connection, actor: Actor, organization_id: UUID) -> None:
    """Delete it with memberships and invitations; the audit log keeps its id."""
    await get(connection, organization_id, lock=True)
    await connection.execute(
        "INSERT INTO unsettled_roles (object, user_id) SELECT %s, user_id FROM memberships WHERE organization_id = %s"
        " ON CONFLICT (object, user_id) DO UPDATE SET since = now()",
        (roles.organization_object(organization_id), organization_id),
    )
    await connection.execute("DELETE FROM organizations WHERE id = %s", (organization_id,))
    target = ("organization", organization_id)
    await audit.record(connection, actor, "organization.deleted", target, organization=organization_id)

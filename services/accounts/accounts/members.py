"""Members of organisations. Each change holds the organisation's lock, so that rules about several members hold."""

from __future__ import annotations

from uuid import UUID

from accounts import audit, organizations, roles
from accounts.errors import ConflictError, ForbiddenError, NotFoundError
from accounts.model import Actor, Member, Role
from accounts.rows import Page, Window, all_of, by_age, value_of
from runtime.postgres import Connection


async def of_organization(connection: Connection, organization_id: UUID, window: Window) -> Page[Member]:
    """The newest first."""
    found = await all_of(
        connection,
        Member,
        """
        SELECT m.user_id, u.name, u.email, m.role, m.created_at
        FROM memberships m JOIN users u ON u.id = m.user_id
        WHERE m.organization_id = %(organization)s
          AND (%(at)s::timestamptz IS NULL OR (m.created_at, m.user_id) < (%(at)s, %(id)s::uuid))
        ORDER BY m.created_at DESC, m.user_id DESC LIMIT %(limit)s
        """,
        {**window.after_row(), "organization": organization_id},
    )
    return window.page(found, lambda member: by_age(member.created_at, member.user_id))


async def change_role(
    connection: Connection, actor: Actor, organization_id: UUID, user_id: UUID, role: Role, *, may_manage_owners: bool
) -> None:
    """Give a member another role. Only who may manage owners makes owners, or makes something else of them."""
    await organizations.get(connection, organization_id, lock=True)
    before = await _role(connection, organization_id, user_id)
    if role == before:
        return
    if Role.OWNER in (role, before) and not may_manage_owners:
        raise ForbiddenError("Only owners decide who is an owner.")
    if before == Role.OWNER:
        await _not_the_last_owner(connection, organization_id)
    await connection.execute(
        "UPDATE memberships SET role = %s WHERE organization_id = %s AND user_id = %s", (str(role), organization_id, user_id)
    )
    await roles.unsettle(connection, roles.organization_object(organization_id), user_id)
    await audit.record(
        connection, actor, "member.role_changed", ("user", user_id), organization=organization_id,
        details={"from": str(before), "to": str(role)},
    )  # fmt: skip


async def remove(
    connection: Connection, actor: Actor, organization_id: UUID, user_id: UUID, *, may_manage_owners: bool
) -> None:
    """Remove a member, or leave. The last owner stays."""
    await organizations.get(connection, organization_id, lock=True)
    before = await _role(connection, organization_id, user_id)
    if before == Role.OWNER and user_id != actor.id and not may_manage_owners:
        raise ForbiddenError("Only owners remove owners.")
    if before == Role.OWNER:
        await _not_the_last_owner(connection, organization_id)
    await connection.execute(
        "DELETE FROM memberships WHERE organization_id = %s AND user_id = %s", (organization_id, user_id)
    )
    # An invitation is as good as the word of who gave it.
    await connection.execute(
        "DELETE FROM invitations WHERE organization_id = %s AND invited_by = %s AND accepted_at IS NULL",
        (organization_id, user_id),
    )
    await roles.unsettle(connection, roles.organization_object(organization_id), user_id)
    action = "member.left" if user_id == actor.id else "member.removed"
    await audit.record(
        connection, actor, action, ("user", user_id), organization=organization_id, details={"role": str(before)}
    )


def not_allowed() -> ForbiddenError:
    """For members who would remove somebody else."""
    return ForbiddenError("Your role in this organisation does not allow that.")


async def _role(connection: Connection, organization_id: UUID, user_id: UUID) -> Role:
    query = "SELECT role FROM memberships WHERE organization_id = %(organization)s AND user_id = %(user)s"
    role = await value_of(connection, query, {"organization": organization_id, "user": user_id})
    if role is None:
        raise NotFoundError("There is no such member.")
    return Role(role)


async def _not_the_last_owner(connection: Connection, organization_id: UUID) -> None:
    query = "SELECT count(*) FROM memberships WHERE organization_id = %(id)s AND role = 'owner'"
    if await value_of(connection, query, {"id": organization_id}) < 2:
        raise ConflictError("This is the last owner. Make somebody else an owner first, or delete the organisation.")

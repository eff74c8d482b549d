"""Organisations, as their members see them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from accounts import audit, invitations, members, organizations
from accounts.errors import InvalidError
from accounts.joining import join
from accounts.model import Organization, Role
from accounts.roles import organization_object
from accounts.rows import Window
from accounts.web.visit import Visit, done


@dataclass(frozen=True)
class Allowed:
    """What the visitor may do, so that pages show no button that does not work."""

    rename: bool
    manage_members: bool
    manage_owners: bool
    read_audit: bool
    delete: bool

    @property
    def roles(self) -> list[Role]:
        """Which roles the visitor may give."""
        return [role for role in Role if role != Role.OWNER or self.manage_owners]


async def _allowed(visit: Visit, id: UUID) -> Allowed:
    await visit.context.roles.require(visit.actor, "can_view", id)
    names = ("can_rename", "can_manage_members", "can_manage_owners", "can_read_audit", "can_delete")
    answers = [await visit.context.roles.allows(visit.actor.id, name, organization_object(id)) for name in names]
    return Allowed(*answers)


async def list_own(visit: Visit) -> Response:
    async with visit.context.database.connection() as connection:
        found = await organizations.of_user(connection, visit.actor.id, visit.window)
    return visit.page("organizations.html", organizations=found)


async def create(visit: Visit) -> Response:
    async with visit.context.database.transaction() as connection:
        made = await organizations.create(connection, visit.actor, visit.text("name"), visit.text("slug").strip() or None)
    await visit.context.roles.settle_after(organization_object(made.id))
    return done(f"/organizations/{made.id}", "saved")


async def show(visit: Visit, *, link: str | None = None) -> Response:
    """`link`: of an invitation just made, which is shown once."""
    id = visit.id("organization_id")
    allowed = await _allowed(visit, id)
    async with visit.context.database.connection() as connection:
        organization = await organizations.get(connection, id)
        found = await members.of_organization(connection, id, visit.window)
        open_ones = await invitations.of_organization(connection, id, Window(size=100)) if allowed.manage_members else None
    return visit.page(
        "organization.html", organization=organization, members=found, invitations=open_ones, allowed=allowed, link=link,
        roles=list(Role),
    )  # fmt: skip


async def rename(visit: Visit) -> Response:
    id = visit.id("organization_id")
    await visit.context.roles.require(visit.actor, "can_rename", id)
    async with visit.context.database.transaction() as connection:
        await organizations.rename(connection, visit.actor, id, visit.text("name"), visit.number("version"))
    return done(f"/organizations/{id}", "saved")


async def delete(visit: Visit) -> Response:
    """The form has to name it: nobody deletes an organisation with one click."""
    id = visit.id("organization_id")
    await visit.context.roles.require(visit.actor, "can_delete", id)
    async with visit.context.database.transaction() as connection:
        organization: Organization = await organizations.get(connection, id)
        if visit.text("confirm").strip() != organization.slug:
            raise InvalidError("The organisation is not deleted.", {"confirm": f"has to be {organization.slug}"})
        await organizations.delete(connection, visit.actor, id)
    await visit.context.roles.settle_after(organization_object(id))
    return done("/organizations", "organization-deleted")


async def invite(visit: Visit) -> Response:
    id = visit.id("organization_id")
    await visit.context.roles.require(visit.actor, "can_manage_members", id)
    owners = await visit.context.roles.allows(visit.actor.id, "can_manage_owners", organization_object(id))
    async with visit.context.database.transaction() as connection:
        _, secret = await invitations.create(
            connection, visit.actor, id, _role(visit), visit.text("email").strip() or None, may_manage_owners=owners
        )
    return await show(visit, link=invitations.link(visit.context.config.origin, secret))


async def withdraw(visit: Visit) -> Response:
    id = visit.id("organization_id")
    await visit.context.roles.require(visit.actor, "can_manage_members", id)
    async with visit.context.database.transaction() as connection:
        await invitations.withdraw(connection, visit.actor, id, visit.id("invitation_id"))
    return done(f"/organizations/{id}", "invitation-withdrawn")


async def change_role(visit: Visit) -> Response:
    id, user_id = visit.id("organization_id"), visit.id("user_id")
    await visit.context.roles.require(visit.actor, "can_manage_members", id)
    owners = await visit.context.roles.allows(visit.actor.id, "can_manage_owners", organization_object(id))
    async with visit.context.database.transaction() as connection:
        await members.change_role(connection, visit.actor, id, user_id, _role(visit), may_manage_owners=owners)
    await visit.context.roles.settle_after(organization_object(id))
    return done(f"/organizations/{id}", "role-changed")


async def remove(visit: Visit) -> Response:
    """Somebody else, or oneself."""
    id, user_id = visit.id("organization_id"), visit.id("user_id")
    leaving = user_id == visit.actor.id
    await visit.context.roles.require(visit.actor, "can_view" if leaving else "can_manage_members", id)
    owners = await visit.context.roles.allows(visit.actor.id, "can_manage_owners", organization_object(id))
    async with visit.context.database.transaction() as connection:
        await members.remove(connection, visit.actor, id, user_id, may_manage_owners=owners)
    await visit.context.roles.settle_after(organization_object(id))
    return done("/organizations", "left") if leaving else done(f"/organizations/{id}", "member-removed")


async def show_invitation(visit: Visit) -> Response:
    code = visit.query("code") or ""
    async with visit.context.database.connection() as connection:
        offer = await invitations.look(connection, visit.actor, code)
    return visit.page("invitation.html", offer=offer, code=code)


async def accept_invitation(visit: Visit) -> Response:
    id = await join(visit.context, visit.actor, visit.text("code"))
    return done(f"/organizations/{id}", "joined")


async def show_audit(visit: Visit) -> Response:
    id = visit.id("organization_id")
    await visit.context.roles.require(visit.actor, "can_read_audit", id)
    async with visit.context.database.connection() as connection:
        organization = await organizations.get(connection, id)
        wanted = audit.Filter(organization=id, action=visit.query("action"))
        found = await audit.search(connection, wanted, visit.window)
    return visit.page("organization_audit.html", organization=organization, entries=found)


def _role(visit: Visit) -> Role:
    try:
        return Role(visit.text("role"))
    except ValueError:
        raise InvalidError("There is no such role.", {"role": f"one of {', '.join(Role)}"}) from None

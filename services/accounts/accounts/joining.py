"""Accepting an invitation: the invitation is looked at, its giver's role is asked for, and only then it is used up."""

from __future__ import annotations

from uuid import UUID

from accounts import invitations
from accounts.context import Context
from accounts.errors import ForbiddenError
from accounts.model import Actor
from accounts.roles import organization_object


async def join(context: Context, actor: Actor, secret: str) -> UUID:
    """Become a member of the organisation that is returned. Raises as `invitations.accept` does."""
    async with context.database.connection() as connection:
        offer = await invitations.look(connection, actor, secret)
    given = offer.invitation
    object = organization_object(given.organization_id)
    if not await context.roles.allows(given.invited_by, offer.needs, object):
        raise ForbiddenError("Who invited you may not do so any more. Ask somebody else of the organisation.")
    async with context.database.transaction() as connection:
        await invitations.accept(connection, actor, secret)
    await context.roles.settle_after(object)
    return given.organization_id

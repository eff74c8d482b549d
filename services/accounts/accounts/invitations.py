"""Invitations: a link with a secret, good for one acceptance."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from accounts import audit, organizations, roles
from accounts.credentials import NewSecret, hash_of, new_secret
from accounts.errors import ConflictError, ForbiddenError, GoneError, InvalidError, NotFoundError
from accounts.model import Actor, Invitation, Role
from accounts.rows import Page, Window, all_of, by_age, changed, clean, one_of, value_of
from accounts.users import LONGEST_EMAIL
from runtime.postgres import Connection

COLUMNS = "id, organization_id, role, email, invited_by, created_at, expires_at, accepted_at, accepted_by"

LIFETIME = timedelta(days=7)
MOST = 200
"""Open invitations of one organisation."""


async def create(
    connection: Connection, actor: Actor, organization_id: UUID, role: Role, email: str | None, *, may_manage_owners: bool
) -> tuple[Invitation, NewSecret]:
    """An invitation, for one address (which has to be verified then) or for whoever has the link."""
    if role == Role.OWNER and not may_manage_owners:
        raise ForbiddenError("Only owners decide who is an owner.")
    address = clean(email or "", LONGEST_EMAIL + 1) or None
    if address is not None and (not re.fullmatch(r"[^@\s]+@[^@\s]+", address) or len(address) > LONGEST_EMAIL):
        raise InvalidError("That is no e-mail address.", {"email": "an address such as kim@example.com"})
    await organizations.get(connection, organization_id, lock=True)
    count = "SELECT count(*) FROM invitations WHERE organization_id = %(id)s AND accepted_at IS NULL AND expires_at > now()"
    if await value_of(connection, count, {"id": organization_id}) >= MOST:
        raise ConflictError(f"{MOST} invitations are open. Withdraw some first.")
    secret = new_secret()
    invitation = await one_of(
        connection,
        Invitation,
        f"""
        INSERT INTO invitations (id, organization_id, role, email, secret_hash, invited_by, expires_at)
        VALUES (%(id)s, %(organization)s, %(role)s, %(email)s, %(hash)s, %(by)s, now() + %(lifetime)s) RETURNING {COLUMNS}
        """,
        {
            "id": uuid4(),
            "organization": organization_id,
            "role": str(role),
            "email": address,
            "hash": secret.hash,
            "by": actor.id,
            "lifetime": LIFETIME,
        },
    )
    assert invitation is not None
    await audit.record(
        connection, actor, "invitation.created", ("invitation", invitation.id), organization=organization_id,
        details={"role": str(role), "for_one_address": address is not None},
    )  # fmt: skip
    return invitation, secret


def link(origin: str, secret: NewSecret) -> str:
    """What the person invited opens."""
    return f"{origin}/invitation?code={secret.text}"


async def of_organization(connection: Connection, organization_id: UUID, window: Window) -> Page[Invitation]:
    """Those that can still be accepted, the newest first."""
    found = await all_of(
        connection,
        Invitation,
        f"""
        SELECT {COLUMNS} FROM invitations
        WHERE organization_id = %(organization)s AND accepted_at IS NULL AND expires_at > now()
          AND (%(at)s::timestamptz IS NULL OR (created_at, id) < (%(at)s, %(id)s::uuid))
        ORDER BY created_at DESC, id DESC LIMIT %(limit)s
        """,
        {**window.after_row(), "organization": organization_id},
    )
    return window.page(found, lambda invitation: by_age(invitation.created_at, invitation.id))


async def withdraw(connection: Connection, actor: Actor, organization_id: UUID, invitation_id: UUID) -> None:
    """NotFoundError for those of other organisations, and those that were accepted."""
    withdrawn = await changed(
        connection,
        "DELETE FROM invitations WHERE id = %(id)s AND organization_id = %(organization)s AND accepted_at IS NULL",
        {"id": invitation_id, "organization": organization_id},
    )
    if not withdrawn:
        raise NotFoundError("There is no such invitation.")
    target = ("invitation", invitation_id)
    await audit.record(connection, actor, "invitation.withdrawn", target, organization=organization_id)


@dataclass(frozen=True)
class Offer:
    """What somebody who has the link is asked."""

    invitation: Invitation
    organization: str
    invited_by: str

    @property
    def needs(self) -> str:
        """What the one who invited has to be allowed, now as then: an invitation is as good as the word of who gave it."""
        return "can_manage_owners" if self.invitation.role == Role.OWNER else "can_manage_members"


async def look(connection: Connection, actor: Actor, secret: str) -> Offer:
    """What a link offers the actor. NotFoundError, GoneError, ForbiddenError where nothing."""
    invitation = await _by_secret(connection, actor, secret)
    organization = await organizations.get(connection, invitation.organization_id)
    name = await value_of(connection, "SELECT name FROM users WHERE id = %(id)s", {"id": invitation.invited_by})
    return Offer(invitation, organization.name, str(name))


async def accept(connection: Connection, actor: Actor, secret: str) -> UUID:
    """Become a member; the organisation's id. However many try at once, one succeeds. A member stays what it is.

    Whether the one who invited may still do so is for the caller to ask before, with what `look` gives.
    """
    before = await _by_secret(connection, actor, secret)
    await organizations.get(connection, before.organization_id, lock=True)
    # Once more, now that nobody else can accept or withdraw it.
    invitation = await _by_secret(connection, actor, secret)
    await organizations.lock_active(connection, actor)
    joined = await changed(
        connection,
        "INSERT INTO memberships (organization_id, user_id, role) VALUES (%(organization)s, %(user)s, %(role)s)"
        " ON CONFLICT DO NOTHING",
        {"organization": invitation.organization_id, "user": actor.id, "role": invitation.role},
    )
    if not joined:
        raise ConflictError("You are a member of this organisation already.")
    await connection.execute(
        "UPDATE invitations SET accepted_at = now(), accepted_by = %s WHERE id = %s", (actor.id, invitation.id)
    )
    await roles.unsettle(connection, roles.organization_object(invitation.organization_id), actor.id)
    await audit.record(
        connection, actor, "invitation.accepted", ("invitation", invitation.id), organization=invitation.organization_id,
        details={"role": invitation.role},
    )  # fmt: skip
    return invitation.organization_id


async def _by_secret(connection: Connection, actor: Actor, secret: str) -> Invitation:
    query = (
        f"SELECT {COLUMNS} FROM invitations WHERE secret_hash = %(hash)s"
        " AND EXISTS (SELECT 1 FROM users WHERE users.id = invited_by AND status = 'active')"
    )
    invitation = await one_of(connection, Invitation, query, {"hash": hash_of(secret)})
    if invitation is None:
        raise NotFoundError("This invitation does not exist, or was withdrawn. Ask for a new one.")
    if invitation.accepted_at is not None:
        raise GoneError("This invitation was accepted already. Ask for a new one.")
    late = await value_of(connection, "SELECT %(end)s <= now()", {"end": invitation.expires_at})
    if late:
        raise GoneError("This invitation has expired. Ask for a new one.")
    if invitation.email is not None and not _is_theirs(actor, invitation.email):
        raise ForbiddenError("This invitation is for another address. Sign in with the account that has it, verified.")
    return invitation


def _is_theirs(actor: Actor, email: str) -> bool:
    own = actor.user.email
    return own is not None and actor.user.email_verified and own.casefold() == email.casefold()

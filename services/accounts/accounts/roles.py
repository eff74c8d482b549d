"""Roles: kept here, in the transaction of the change, and decided upon by OpenFGA.

The two are kept the same like this. Whoever changes somebody's role notes in the same transaction that it is unsettled
(`unsettle`). Settling reads the role as it is here, looks what OpenFGA has, writes the difference there and only then strikes
out the note. It does not matter how often or when that is done, or where it is cut off: it works on states, not on steps.
Before OpenFGA decides about an organisation whose roles are unsettled, they are settled; if that can't be done, nothing is
decided (503). So no decision is ever made on roles that were taken away before.
"""

from __future__ import annotations

import asyncio
import logging
from uuid import UUID

from accounts.errors import ForbiddenError, NotFoundError, UnavailableError
from accounts.model import Actor, Role
from accounts.rows import value_of
from runtime.authorization import Authorization, AuthorizationError, RelationTuple
from runtime.postgres import Connection, Database

LOGGER = logging.getLogger("accounts.roles")

PLATFORM = "platform:accounts"

AT_ONCE = 20
"""Notes that are settled in one go."""


async def unsettle(connection: Connection, object: str, user_id: UUID) -> None:
    """Note that a user's role has changed. Has to be in the transaction of the change."""
    await connection.execute(
        "INSERT INTO unsettled_roles (object, user_id) VALUES (%s, %s)"
        " ON CONFLICT (object, user_id) DO UPDATE SET since = now()",
        (object, user_id),
    )


def organization_object(organization_id: UUID) -> str:
    """An organisation, as OpenFGA calls it."""
    return f"organization:{organization_id}"


class Roles:
    """What people may do."""

    def __init__(self, database: Database, authorization: Authorization) -> None:
        self._database = database
        self._authorization = authorization
        # A connection is held while OpenFGA is asked: one of them at most.
        self._settling = asyncio.Lock()

    async def allows(self, user_id: UUID, relation: str, object: str) -> bool:
        """Whether a user has `relation` to `object`. UnavailableError where that can't be said now."""
        await self._settled(object)
        try:
            return await self._authorization.check(f"user:{user_id}", relation, object)
        except AuthorizationError as error:
            raise _unavailable(error) from error

    async def require(self, actor: Actor, relation: str, organization_id: UUID) -> None:
        """Raises ForbiddenError, and NotFoundError for organisations that the actor has nothing to do with."""
        object = organization_object(organization_id)
        if await self.allows(actor.id, relation, object):
            return
        if relation != "can_view" and await self.allows(actor.id, "can_view", object):
            raise ForbiddenError("Your role in this organisation does not allow that.")
        raise NotFoundError("There is no such organisation, or you are not a member of it.")

    async def require_admin(self, actor: Actor) -> None:
        """Raises ForbiddenError for everybody but administrators of the service."""
        if not await self.allows(actor.id, "can_administer", PLATFORM):
            raise ForbiddenError("Only administrators of the service may do that.")

    async def settle(self, object: str | None = None) -> int:
        """Settle some of the notes about `object`, or the oldest of all. How many. Raises AuthorizationError."""
        async with self._settling, self._database.connection() as connection:
            notes = await (
                await connection.execute(
                    "SELECT object, user_id FROM unsettled_roles WHERE %(object)s::text IS NULL OR object = %(object)s"
                    " ORDER BY since, object, user_id LIMIT %(limit)s FOR UPDATE",
                    {"object": object, "limit": AT_ONCE},
                )
            ).fetchall()
            for noted, user_id in notes:
                await self._settle_one(connection, noted, user_id)
            return len(notes)

    async def settle_after(self, object: str) -> None:
        """After a change: at once if possible, else later. The change stands in any case."""
        try:
            while await self.settle(object) == AT_ONCE:
                pass
        except AuthorizationError as error:
            LOGGER.warning("roles of %s are not settled yet: %s", object, error)

    async def keep_settling(self, pause: float = 5.0) -> None:
        """For ever: settle what could not be settled at once."""
        while True:
            try:
                if await self.settle() == AT_ONCE:
                    continue
            except AuthorizationError as error:
                LOGGER.warning("roles are not settled: %s", error)
            await asyncio.sleep(pause)

    async def _settled(self, object: str) -> None:
        try:
            while await self._is_unsettled(object):
                await self.settle(object)
        except AuthorizationError as error:
            raise _unavailable(error) from error

    async def _is_unsettled(self, object: str) -> bool:
        async with self._database.connection() as connection:
            query = "SELECT 1 FROM unsettled_roles WHERE object = %(object)s LIMIT 1"
            return await value_of(connection, query, {"object": object}) is not None

    async def _settle_one(self, connection: Connection, object: str, user_id: UUID) -> None:
        wanted = await _role_here(connection, object, user_id)
        possible = [Role.ADMIN] if object == PLATFORM else list(Role)
        user = f"user:{user_id}"
        # These relations are only what is written, none follows from another (authorization.fga): a check says what is there.
        there = {role for role in possible if await self._authorization.check(user, role, object)}
        add = [RelationTuple(user, role, object) for role in possible if role == wanted and role not in there]
        remove = [RelationTuple(user, role, object) for role in there if role != wanted]
        if add or remove:
            await self._authorization.write(add=add, remove=remove)
        await connection.execute("DELETE FROM unsettled_roles WHERE object = %s AND user_id = %s", (object, user_id))


async def _role_here(connection: Connection, object: str, user_id: UUID) -> str | None:
    if object == PLATFORM:
        query = "SELECT 'admin' FROM users WHERE id = %(user)s AND platform_admin"
        role = await value_of(connection, query, {"user": user_id})
    else:
        query = "SELECT role FROM memberships WHERE user_id = %(user)s AND organization_id = %(organization)s"
        role = await value_of(connection, query, {"user": user_id, "organization": UUID(object.partition(":")[2])})
    return None if role is None else str(role)


def _unavailable(error: Exception) -> UnavailableError:
    LOGGER.warning("nothing is decided: %s", error)
    return UnavailableError("Who may do what can't be found out at the moment. Try again in a while.")

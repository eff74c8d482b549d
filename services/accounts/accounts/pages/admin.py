"""Pages for administrators of the service."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from accounts import audit, members, organizations, sessions, tokens, users
from accounts.errors import InvalidError
from accounts.roles import PLATFORM
from accounts.rows import Window
from accounts.web.visit import Visit, done

STATUSES = ("active", "deactivated", "deleted")


async def list_users(visit: Visit) -> Response:
    status = visit.query("status")
    async with visit.context.database.connection() as connection:
        found = await users.search(connection, visit.query("q") or "", status if status in STATUSES else None, visit.window)
    return visit.page("admin_users.html", users=found, statuses=STATUSES)


async def show_user(visit: Visit) -> Response:
    id = visit.id("user_id")
    async with visit.context.database.connection() as connection:
        user = await users.get(connection, id)
        found = {
            "sessions": await sessions.of_user(connection, id, visit.context.config.session_idle, Window()),
            "tokens": await tokens.of_user(connection, id, Window(size=tokens.MOST)),
            "organizations": await organizations.of_user(connection, id, Window(size=organizations.MOST)),
            "entries": await audit.search(connection, audit.Filter(target=id), Window(size=10)),
        }
    return visit.page("admin_user.html", user=user, **found)


async def change_user(visit: Visit) -> Response:
    """What the form's button says."""
    id, action = visit.id("user_id"), visit.text("action")
    async with visit.context.database.transaction() as connection:
        if action == "deactivate":
            await users.deactivate(connection, visit.actor, id)
            what = "deactivated"
        elif action == "reactivate":
            await users.reactivate(connection, visit.actor, id)
            what = "reactivated"
        elif action == "sign-out":
            await users.get(connection, id)
            await users.end_sessions(connection, visit.actor, id)
            what = "signed-out-everywhere"
        elif action in ("make-admin", "unmake-admin"):
            await users.set_admin(connection, visit.actor, id, admin=action == "make-admin")
            what = "admin-made" if action == "make-admin" else "admin-unmade"
        else:
            raise InvalidError("There is no such action.", {"action": "one of the page's buttons"})
    if action.endswith("-admin"):
        await visit.context.roles.settle_after(PLATFORM)
    return done(f"/admin/users/{id}", what)


async def revoke_token(visit: Visit) -> Response:
    id = visit.id("user_id")
    async with visit.context.database.transaction() as connection:
        await tokens.revoke(connection, visit.actor, visit.id("token_id"), of=id)
    return done(f"/admin/users/{id}", "token-revoked")


async def list_organizations(visit: Visit) -> Response:
    async with visit.context.database.connection() as connection:
        found = await organizations.search(connection, visit.query("q") or "", visit.window)
    return visit.page("admin_organizations.html", organizations=found)


async def show_organization(visit: Visit) -> Response:
    id = visit.id("organization_id")
    async with visit.context.database.connection() as connection:
        organization = await organizations.get(connection, id)
        found = await members.of_organization(connection, id, visit.window)
        entries = await audit.search(connection, audit.Filter(organization=id), Window(size=10))
    return visit.page("admin_organization.html", organization=organization, members=found, entries=entries)


async def show_audit(visit: Visit) -> Response:
    wanted = audit.Filter(
        actor=_id(visit, "actor"),
        target=_id(visit, "target"),
        organization=_id(visit, "organization"),
        action=visit.query("action"),
    )
    async with visit.context.database.connection() as connection:
        found = await audit.search(connection, wanted, visit.window)
    return visit.page("admin_audit.html", entries=found)


def _id(visit: Visit, name: str) -> UUID | None:
    text = visit.query(name)
    if text is None:
        return None
    try:
        return UUID(text.strip())
    except ValueError:
        raise InvalidError("That is no id.", {name: "an id as it stands in the list"}) from None

"""Operations for administrators of the service."""

from __future__ import annotations

from accounts import audit, organizations, users
from accounts.api import schemas
from accounts.api.operation import Call, Operation, Parameter, Result
from accounts.api.organizations import ACTION
from accounts.errors import InvalidError
from accounts.model import Scope

STATUSES = ("active", "deactivated", "deleted")


async def list_users(call: Call) -> Result:
    status = call.query("status")
    if status is not None and status not in STATUSES:
        raise InvalidError("There is no such status.", {"status": f"one of {', '.join(STATUSES)}"})
    found = await users.search(call.connection, call.query("q") or "", status, call.window)
    return Result(schemas.Users.model_validate(found))


async def show_user(call: Call) -> Result:
    user = await users.get(call.connection, call.id("user_id"))
    return Result(schemas.User.model_validate(user), user.version)


async def deactivate_user(call: Call) -> Result:
    user = await users.deactivate(call.connection, call.actor, call.id("user_id"))
    return Result(schemas.User.model_validate(user), user.version)


async def reactivate_user(call: Call) -> Result:
    user = await users.reactivate(call.connection, call.actor, call.id("user_id"))
    return Result(schemas.User.model_validate(user), user.version)


async def list_organizations(call: Call) -> Result:
    found = await organizations.search(call.connection, call.query("q") or "", call.window)
    return Result(schemas.Organizations.model_validate(found))


async def list_audit(call: Call) -> Result:
    wanted = audit.Filter(
        actor=call.query_id("actor"),
        target=call.query_id("target"),
        organization=call.query_id("organization"),
        action=call.query("action"),
    )
    return Result(schemas.AuditEntries.model_validate(await audit.search(call.connection, wanted, call.window)))


ADMIN = "/api/v1/admin"
USER = f"{ADMIN}/users/{{user_id}}"
READ, WRITE = Scope.ADMIN_READ, Scope.ADMIN_WRITE

OPERATIONS = (
    Operation(
        "listUsers", "GET", f"{ADMIN}/users", "All users", READ, list_users, answer=schemas.Users, needs="admin", paged=True,
        parameters=(
            Parameter("q", "A part of the name or address, or the whole id."),
            Parameter("status", "Only these.", choices=STATUSES),
        ),
    ),
    Operation(
        "getUser", "GET", USER, "One user", READ, show_user, answer=schemas.User, needs="admin", versioned=True,
    ),
    Operation(
        "deactivateUser", "POST", f"{USER}/deactivate", "Let nothing of a user's work any more", WRITE, deactivate_user,
        answer=schemas.User, needs="admin", versioned=True, problems=(409,),
    ),
    Operation(
        "reactivateUser", "POST", f"{USER}/reactivate", "The opposite", WRITE, reactivate_user, answer=schemas.User,
        needs="admin", versioned=True,
    ),
    Operation(
        "listAllOrganizations", "GET", f"{ADMIN}/organizations", "All organisations", READ, list_organizations,
        answer=schemas.Organizations, needs="admin", paged=True,
        parameters=(Parameter("q", "A part of the name or short name, or the whole id."),),
    ),
    Operation(
        "listAudit", "GET", f"{ADMIN}/audit", "What was done", READ, list_audit, answer=schemas.AuditEntries, needs="admin",
        paged=True,
        parameters=(
            ACTION,
            Parameter("actor", "What this user did.", "id"),
            Parameter("target", "What was done to this.", "id"),
            Parameter("organization", "What was done in this organisation.", "id"),
        ),
    ),
)  # fmt: skip

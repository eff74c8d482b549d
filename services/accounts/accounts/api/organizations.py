"""Operations on organisations."""

from __future__ import annotations

from accounts import audit, invitations, members, organizations
from accounts.api import schemas
from accounts.api.operation import Call, Operation, Parameter, Result
from accounts.joining import join
from accounts.model import Scope
from accounts.roles import organization_object

OWNERS = "can_manage_owners"
MANAGE = "can_manage_members"


async def list_own(call: Call) -> Result:
    found = await organizations.of_user(call.connection, call.actor.id, call.window)
    return Result(schemas.OwnOrganizations.model_validate(found))


async def create(call: Call) -> Result:
    made = await organizations.create(call.connection, call.actor, call.body.name, call.body.slug)
    return Result(schemas.OwnOrganization.model_validate(made), made.version, (organization_object(made.id),))


async def show(call: Call) -> Result:
    found = await organizations.get(call.connection, call.id("organization_id"))
    return Result(schemas.Organization.model_validate(found), found.version)


async def rename(call: Call) -> Result:
    id = call.id("organization_id")
    found = await organizations.rename(call.connection, call.actor, id, call.body.name, call.version)
    return Result(schemas.Organization.model_validate(found), found.version)


async def delete(call: Call) -> Result:
    id = call.id("organization_id")
    await organizations.delete(call.connection, call.actor, id)
    return Result(settle=(organization_object(id),))


async def list_members(call: Call) -> Result:
    found = await members.of_organization(call.connection, call.id("organization_id"), call.window)
    return Result(schemas.Members.model_validate(found))


async def change_member(call: Call) -> Result:
    id = call.id("organization_id")
    await members.change_role(
        call.connection, call.actor, id, call.id("user_id"), call.body.role, may_manage_owners=OWNERS in call.granted
    )
    return Result(settle=(organization_object(id),))


async def remove_member(call: Call) -> Result:
    id, user_id = call.id("organization_id"), call.id("user_id")
    if user_id != call.actor.id and MANAGE not in call.granted:
        raise members.not_allowed()
    await members.remove(call.connection, call.actor, id, user_id, may_manage_owners=OWNERS in call.granted)
    return Result(settle=(organization_object(id),))


async def list_invitations(call: Call) -> Result:
    found = await invitations.of_organization(call.connection, call.id("organization_id"), call.window)
    return Result(schemas.Invitations.model_validate(found))


async def invite(call: Call) -> Result:
    made, secret = await invitations.create(
        call.connection, call.actor, call.id("organization_id"), call.body.role, call.body.email,
        may_manage_owners=OWNERS in call.granted,
    )  # fmt: skip
    shown = schemas.Invitation.model_validate(made).model_dump()
    link = invitations.link(call.context.config.origin, secret)
    return Result(
        schemas.NewInvitation.model_validate({**shown, "link": link}),
        kept=schemas.NewInvitation.model_validate({**shown, "link": None}),
    )


async def withdraw(call: Call) -> Result:
    await invitations.withdraw(call.connection, call.actor, call.id("organization_id"), call.id("invitation_id"))
    return Result()


async def accept(call: Call) -> Result:
    id = await join(call.context, call.actor, call.body.code)
    async with call.context.database.connection() as connection:
        found = await organizations.own(connection, call.actor, id)
    return Result(schemas.OwnOrganization.model_validate(found))


async def list_audit(call: Call) -> Result:
    wanted = audit.Filter(organization=call.id("organization_id"), action=call.query("action"))
    return Result(schemas.AuditEntries.model_validate(await audit.search(call.connection, wanted, call.window)))


ALL = "/api/v1/organizations"
ONE = f"{ALL}/{{organization_id}}"
READ, WRITE = Scope.ORGANIZATIONS_READ, Scope.ORGANIZATIONS_WRITE

ACTION = Parameter("action", "An action, or the beginning of some up to a dot: `token.created`, `token`.")

OPERATIONS = (
    Operation(
        "listOrganizations", "GET", ALL, "Organisations of the caller", READ, list_own, answer=schemas.OwnOrganizations,
        paged=True,
    ),
    Operation(
        "createOrganization", "POST", ALL, "Make an organisation, whose owner the caller is", WRITE, create,
        body=schemas.CreateOrganization, answer=schemas.OwnOrganization, status=201, versioned=True, repeatable=True,
        problems=(409,),
    ),
    Operation(
        "getOrganization", "GET", ONE, "One organisation", READ, show, answer=schemas.Organization, needs="can_view",
        versioned=True,
    ),
    Operation(
        "renameOrganization", "PATCH", ONE, "Give an organisation another name", WRITE, rename,
        body=schemas.ChangeOrganization, answer=schemas.Organization, needs="can_rename", versioned=True,
    ),
    Operation(
        "deleteOrganization", "DELETE", ONE, "Delete an organisation", WRITE, delete, status=204, needs="can_delete"
    ),
    Operation(
        "listMembers", "GET", f"{ONE}/members", "Who is in an organisation", READ, list_members, answer=schemas.Members,
        needs="can_view", paged=True,
    ),
    Operation(
        "changeMember", "PATCH", f"{ONE}/members/{{user_id}}", "Give a member another role", WRITE, change_member,
        body=schemas.ChangeMember, status=204, needs=MANAGE, asks=(OWNERS,), problems=(409,),
    ),
    Operation(
        "removeMember", "DELETE", f"{ONE}/members/{{user_id}}", "Remove a member, or leave", WRITE, remove_member, status=204,
        needs="can_view", asks=(MANAGE, OWNERS), problems=(409,),
    ),
    Operation(
        "listInvitations", "GET", f"{ONE}/invitations", "Invitations that can be accepted", READ, list_invitations,
        answer=schemas.Invitations, needs=MANAGE, paged=True,
    ),
    Operation(
        "createInvitation", "POST", f"{ONE}/invitations", "Invite somebody", WRITE, invite, body=schemas.CreateInvitation,
        answer=schemas.NewInvitation, status=201, needs=MANAGE, asks=(OWNERS,), repeatable=True, problems=(409,),
    ),
    Operation(
        "withdrawInvitation", "DELETE", f"{ONE}/invitations/{{invitation_id}}", "Withdraw an invitation", WRITE, withdraw,
        status=204, needs=MANAGE,
    ),
    Operation(
        "acceptInvitation", "POST", "/api/v1/invitations/accept", "Become a member of an organisation", WRITE, accept,
        body=schemas.AcceptInvitation, answer=schemas.OwnOrganization, own_work=True, problems=(404, 409, 410),
    ),
    Operation(
        "listOrganizationAudit", "GET", f"{ONE}/audit", "What was done in an organisation", READ, list_audit,
        answer=schemas.AuditEntries, needs="can_read_audit", parameters=(ACTION,), paged=True,
    ),
)  # fmt: skip

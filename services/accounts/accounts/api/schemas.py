"""What requests and answers of the API look like. Requests are checked by these, and openapi.json is made of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from accounts.invitations import LIFETIME
from accounts.model import Role, Scope
from accounts.tokens import LONGEST_DAYS

T = TypeVar("T")

Version = Annotated[int, Field(ge=1, description="Counts changes; it is in the ETag, too.")]


class Body(BaseModel):
    """A request."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    """A response."""

    model_config = ConfigDict(from_attributes=True)


class Problem(Answer):
    """What went wrong, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str = Field(description="A sentence for the caller.")
    code: str | None = Field(default=None, description="For programs: it stays the same.")
    fields: dict[str, str] | None = Field(default=None, description="Field of the request -> what is wrong with it.")


class User(Answer):
    id: UUID
    name: str
    email: str | None
    email_verified: bool
    status: Literal["active", "deactivated", "deleted"]
    platform_admin: bool
    version: Version
    created_at: datetime
    updated_at: datetime
    signed_in_at: datetime | None


class ChangeProfile(Body):
    name: str = Field(min_length=1, max_length=200)


class Session(Answer):
    id: UUID
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class Token(Answer):
    id: UUID
    name: str
    hint: str = Field(description="Beginning and end of the token.")
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = Field(description="To the hour.")


class NewToken(Token):
    secret: str | None = Field(
        description="The token. It is in the first answer alone: null where the request is repeated with its Idempotency-Key."
    )


class CreateToken(Body):
    name: str = Field(min_length=1, max_length=100)
    scopes: list[Scope] = Field(min_length=1, max_length=len(Scope))
    days: int = Field(ge=1, le=LONGEST_DAYS, description="For how long it works.")


class Organization(Answer):
    id: UUID
    name: str
    slug: str
    version: Version
    created_at: datetime
    updated_at: datetime


class OwnOrganization(Organization):
    role: Role = Field(description="What the caller is in it.")


class CreateOrganization(Body):
    name: str = Field(min_length=1, max_length=100)
    slug: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9](-?[a-z0-9]){1,39}$",
        description="For addresses, once in the service; made of the name where it is not given.",
    )


class ChangeOrganization(Body):
    name: str = Field(min_length=1, max_length=100)


class Member(Answer):
    user_id: UUID
    name: str
    email: str | None
    role: Role
    created_at: datetime


class ChangeMember(Body):
    role: Role


class Invitation(Answer):
    id: UUID
    organization_id: UUID
    role: Role
    email: str | None
    invited_by: UUID
    created_at: datetime
    expires_at: datetime


class NewInvitation(Invitation):
    link: str | None = Field(
        description="For the person invited. It is in the first answer alone: null where the request is repeated."
    )


class CreateInvitation(Body):
    role: Role = Role.MEMBER
    email: str | None = Field(
        default=None,
        max_length=320,
        description=f"Only who has this address, verified, can accept; without one whoever has the link. {LIFETIME.days} days.",
    )


class AcceptInvitation(Body):
    code: str = Field(min_length=1, max_length=100, description="What stands behind `code=` in the link.")


class AuditEntry(Answer):
    id: int
    at: datetime
    actor_kind: Literal["session", "token", "system"]
    actor_id: UUID | None
    credential_id: UUID | None = Field(description="The session or token that was used.")
    action: str
    target_kind: str
    target_id: UUID
    organization_id: UUID | None
    request_id: str = Field(description="The request's trace.")
    details: dict[str, Any]


class Listed(Answer, Generic[T]):
    """A part of a list, the newest first."""

    items: list[T]
    next: str | None = Field(description="As parameter `cursor`, it leads to the entries after these; null at the end.")


class Users(Listed[User]): ...


class Sessions(Listed[Session]): ...


class Tokens(Listed[Token]): ...


class Organizations(Listed[Organization]): ...


class OwnOrganizations(Listed[OwnOrganization]): ...


class Members(Listed[Member]): ...


class Invitations(Listed[Invitation]): ...


class AuditEntries(Listed[AuditEntry]): ...

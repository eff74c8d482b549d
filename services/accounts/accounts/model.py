"""What the service is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Role(StrEnum):
    """What a member is in an organisation. What each allows stands in authorization.fga."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


class Scope(StrEnum):
    """What an API token may be used for, of what its user may do."""

    PROFILE_READ = "profile:read"
    PROFILE_WRITE = "profile:write"
    ORGANIZATIONS_READ = "organizations:read"
    ORGANIZATIONS_WRITE = "organizations:write"
    TOKENS_READ = "tokens:read"
    TOKENS_WRITE = "tokens:write"
    ADMIN_READ = "admin:read"
    ADMIN_WRITE = "admin:write"


@dataclass(frozen=True)
class User:
    id: UUID
    name: str
    email: str | None
    email_verified: bool
    status: str
    """`active`, `deactivated` (an administrator's doing, can be undone) or `deleted` (nothing is left but the id)."""
    platform_admin: bool
    version: int
    created_at: datetime
    updated_at: datetime
    signed_in_at: datetime | None


@dataclass(frozen=True)
class Session:
    id: UUID
    user_id: UUID
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class ApiToken:
    id: UUID
    user_id: UUID
    name: str
    hint: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    """To the hour."""


@dataclass(frozen=True)
class Organization:
    id: UUID
    name: str
    slug: str
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class OwnOrganization(Organization):
    """An organisation as one of its members sees it."""

    role: str


@dataclass(frozen=True)
class Member:
    user_id: UUID
    name: str
    email: str | None
    role: str
    created_at: datetime


@dataclass(frozen=True)
class Invitation:
    id: UUID
    organization_id: UUID
    role: str
    email: str | None
    """Only who has this address, verified, may accept; None: whoever has the link."""
    invited_by: UUID
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    accepted_by: UUID | None


@dataclass(frozen=True)
class AuditEntry:
    id: int
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    credential_id: UUID | None
    action: str
    target_kind: str
    target_id: UUID
    organization_id: UUID | None
    request_id: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Actor:
    """Who asks for something."""

    user: User
    kind: str
    """`session` or `token`."""
    credential_id: UUID
    scopes: frozenset[str] | None = None
    """None: everything that the user may do."""
    request_id: str = ""
    form_token: str = field(default="", repr=False)
    """What this session's forms carry."""

    @property
    def id(self) -> UUID:
        return self.user.id

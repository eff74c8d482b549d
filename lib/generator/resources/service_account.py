"""A service account and the roles it has on its project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from constructs import Construct

from generator.engine import google
from generator.resources.ids import slug


@dataclass(frozen=True)
class Config:
    project_id: str
    account_id: str
    display_name: str
    roles: Sequence[str] = ()


@dataclass(frozen=True)
class Output:
    email: str
    name: str
    """Full resource name, as IAM resources want it."""
    unique_id: str
    """A number that stays the account's own when another of the same name is made; tags are attached to it."""

    @property
    def member(self) -> str:
        return f"serviceAccount:{self.email}"


def new(scope: Construct, id: str, config: Config) -> Output:
    account = google.service_account.ServiceAccount(
        scope,
        id,
        project=config.project_id,
        account_id=config.account_id,
        display_name=config.display_name,
    )
    output = Output(email=account.email, name=account.name, unique_id=account.unique_id)
    for role in config.roles:
        google.project_iam_member.ProjectIamMember(
            scope,
            f"{id}-{slug(role)}",
            project=config.project_id,
            role=role,
            member=output.member,
        )
    return output


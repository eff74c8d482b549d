"""Tags on service accounts, so that a role on the project can be narrowed to one account.

IAM conditions know no name of a service account, but they know its tags.
Source: https://cloud.google.com/iam/docs/service-accounts-tags
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from constructs import Construct

from generator.engine import google


@dataclass(frozen=True)
class Config:
    project_number: str
    key: str
    """The tag's short name, unique within the project."""
    description: str
    accounts: Mapping[str, str | None]
    """The tag's value -> unique id of the one service account that bears it; None where others attach it (`attach`)."""


@dataclass(frozen=True)
class Output:
    conditions: Mapping[str, str]
    """The tag's value -> condition (CEL) that holds for the account which bears it, and for nothing else."""
    values: Mapping[str, str]
    """The tag's value -> its id."""


def new(scope: Construct, id: str, config: Config) -> Output:
    key = google.tags_tag_key.TagsTagKey(
        scope, id, parent=f"projects/{config.project_number}", short_name=config.key, description=config.description
    )
    conditions, values = {}, {}
    for value, account in config.accounts.items():
        tag = google.tags_tag_value.TagsTagValue(scope, f"{id}-{value}", parent=key.id, short_name=value)
        if account is not None:
            attach(scope, f"{id}-{value}-account", config.project_number, account, tag.id)
        # By id: a deleted key's name can be taken by somebody else, its id can't.
        conditions[value] = f'resource.matchTagId("{key.id}", "{tag.id}")'
        values[value] = tag.id
    return Output(conditions, values)


def attach(scope: Construct, id: str, project_number: str, account: str, value: str) -> None:
    """Let an account, by its unique id, bear a tag's value, by the value's id."""
    google.tags_tag_binding.TagsTagBinding(
        scope,
        id,
        parent=f"//iam.googleapis.com/projects/{project_number}/serviceAccounts/{account}",
        tag_value=value,
    )

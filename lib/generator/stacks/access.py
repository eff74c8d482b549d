"""Stack `access`: what people may ask for beyond their standing access, level by level (docs/adr/0015-time-bound-access.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.context import Context
from generator.engine import core
from generator.resources import account_tags, entitlement
from generator.stacks import iam, people
from generator.stacks.scope import Export, StackScope
from spec.constants import RESERVED_SECRET_PREFIX
from spec.tiers import Level

NAME = "access"

TAG = "msp-access"
WRITES, RUNS, RELEASES = "writes-for-people", "runs-the-service", "brings-releases"
"""The tag's values: the account that people take on to write to the database, the service's own, and those as which the
steps of a delivery pipeline run."""

ACT_AS = "roles/iam.serviceAccountUser"
BECOME = "roles/iam.serviceAccountTokenCreator"
OPERATE_PIPELINE = "roles/clouddeploy.operator"
ADD_SECRET_VERSIONS = "roles/secretmanager.secretVersionAdder"

LEVELS: Mapping[Level, str] = {
    "read": "read",
    "write": "write",
    "deploy": "deploy",
    "break_glass": "break-glass",
}
"""The levels, from the least to the most, with the last part of their entitlement's id."""

Roles = dict[str, str | None]
"""Role -> condition under which it holds, None where it holds on the whole project."""


@dataclass(frozen=True)
class Variables:
    project_number: Export
    workload_unique_id: Export
    operator_unique_id: Export | None


@dataclass(frozen=True)
class Outputs:
    tag_of_releases: Export | None
    """What the accounts of a pipeline's steps must bear, where the pipeline is in this environment's project."""


def build(app: core.App, context: Context, variables: Variables) -> Outputs:
    stack = StackScope(app, context, NAME)
    number = stack.read(variables.project_number)
    accounts: dict[str, str | None] = {RUNS: stack.read(variables.workload_unique_id)}
    if variables.operator_unique_id is not None:
        accounts[WRITES] = stack.read(variables.operator_unique_id)
    if context.holds_pipeline:
        accounts[RELEASES] = None
    tags = account_tags.new(
        stack.tf,
        "tag",
        account_tags.Config(
            project_number=number,
            key=TAG,
            description="Which service accounts time-bound access is about",
            accounts=accounts,
        ),
    )
    roles = roles_by_level(context, number, tags.conditions)
    for level, id in LEVELS.items():
        terms = context.safety.access[level]
        entitlement.new(
            stack.tf,
            id,
            entitlement.Config(
                project_id=context.names.project_id,
                entitlement_id=context.names.entitlement(id),
                requesters=[*_groups(context), *context.environment.access.requesters],
                roles=roles[level],
                max_minutes=terms.max_minutes,
                approvers=approvers(context) if terms.approval else (),
                notify=_told(context) if level == "break_glass" else (),
            ),
        )
    releases = tags.values.get(RELEASES)
    return Outputs(
        tag_of_releases=stack.export("tag_of_releases", releases, "Tag of the accounts of a pipeline's steps")
        if releases
        else None
    )


def roles_by_level(context: Context, project_number: str, account: Mapping[str, str]) -> dict[Level, Roles]:
    """What each level gives; every one lets look, none lets change who may what.

    account   the tag's value -> condition that holds for the account which bears it
    """
    look = _all(people.ALWAYS["read"], people.look(context))
    read = {**look, **_all(people.read(context))}
    write = _all(["roles/run.invoker"] if context.workload.invoked else [], people.write(context))
    if context.has_operator:
        write[BECOME] = account[WRITES]
    if any(reference.project is None for reference in iam.declared_secrets(context.environment)):
        own = f"projects/{project_number}/secrets/{RESERVED_SECRET_PREFIX}"
        write[ADD_SECRET_VERSIONS] = f'!resource.name.startsWith("{own}")'
    deploy: Roles = {"roles/run.developer": None, ACT_AS: account[RUNS]}
    if context.holds_pipeline:
        # To promote, advance, cancel or roll back is to start a step, and to act as the account that runs it.
        deploy = {**deploy, OPERATE_PIPELINE: None, ACT_AS: f"{account[RUNS]} || {account[RELEASES]}"}
    return {
        "read": read,
        "write": {**read, **write},
        # Who deploys needs the log, not the data.
        "deploy": {**look, **deploy},
        "break_glass": {**read, **write, **deploy, **_emergency(context)},
    }


def _emergency(context: Context) -> Roles:
    """Without conditions; and neither a basic role, which Privileged Access Manager refuses, nor one that sets IAM."""
    at_all_times = (ACT_AS, BECOME, ADD_SECRET_VERSIONS, "roles/secretmanager.secretAccessor")
    return _all(at_all_times, people.emergency(context))


def approvers(context: Context) -> list[str]:
    """Who approves: the organisation's group, otherwise a colleague of the owners'. Nobody approves their own request."""
    group = context.platform.access.approvers
    return _groups(context) if group is None else [f"group:{group}"]


def _told(context: Context) -> list[str]:
    """The addresses that hear of every break-glass access."""
    access = context.platform.access
    owners = (context.platform.owners[owner].email for owner in context.spec.service.owners)
    return sorted({*owners, *access.notify, *([access.approvers] if access.approvers else [])})


def _groups(context: Context) -> list[str]:
    return [f"group:{group}" for group in context.owner_groups.values()]


def _all(*groups: Sequence[str]) -> Roles:
    return {role: None for group in groups for role in group}

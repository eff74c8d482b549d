"""Who may look at an environment at all times, and how somebody gets more where there is no time-bound access."""

from __future__ import annotations

from collections.abc import Iterator

from generator.docs import links
from generator.docs.inline import Inline, Text, code, fmt, join, link
from generator.docs.markdown import Blocks, anchor, heading, paragraph, shell, table
from generator.docs.model import EnvironmentGuide
from generator.docs.sections import time_bound
from generator.docs.shell import gcloud
from generator.docs.terraform_json import resources

WHY = {
    "test": "The environment serves nobody, so its owners look at everything and change its data whenever they want.",
    "internal": "The environment serves colleagues: its owners may read logs and data at all times, and change nothing"
    " by hand.",
    "external": "The environment serves customers: at all times its owners see names, states and metrics only; what"
    " customers sent or stored takes access that is given for the occasion.",
}

LOG_READER = "roles/logging.viewer"
DATABASE_LOGIN = "roles/cloudsql.instanceUser"
DATABASE_CLIENT = "roles/cloudsql.client"
RUN_DEVELOPER = "roles/run.developer"
VERSION_ADDER = "roles/secretmanager.secretVersionAdder"

MEANINGS = {
    "roles/bigquery.dataEditor": "change rows of BigQuery's tables",
    "roles/bigquery.dataViewer": "read BigQuery's tables",
    "roles/bigquery.jobUser": "run queries in BigQuery",
    "roles/bigquery.metadataViewer": "look at BigQuery's datasets and tables, without rows",
    "roles/cloudkms.viewer": "look at encryption keys and their versions, without using any",
    DATABASE_CLIENT: "find and reach the database instance",
    DATABASE_LOGIN: "log in to the database as oneself",
    "roles/cloudsql.viewer": "look at the database instance and its backups",
    "roles/cloudtasks.taskDeleter": "delete tasks",
    "roles/cloudtasks.taskRunner": "run tasks at once",
    "roles/cloudtasks.viewer": "look at queues and tasks, without their contents",
    "roles/cloudtrace.user": "look at traces",
    LOG_READER: "read logs",
    "roles/memorystore.dbConnectionUser": "connect to the cache, read and change it",
    "roles/memorystore.viewer": "look at the cache instance, without its contents",
    "roles/monitoring.viewer": "look at metrics and dashboards",
    "roles/pubsub.publisher": "publish messages",
    "roles/pubsub.subscriber": "take messages from subscriptions",
    "roles/pubsub.viewer": "look at topics and subscriptions, without messages",
    RUN_DEVELOPER: "deploy, start and change the {resource}",
    "roles/run.viewer": "look at the {resource} and what became of it",
    "roles/storage.objectUser": "read, make and delete files in buckets",
    "roles/storage.objectViewer": "read files in buckets",
    VERSION_ADDER: "add versions, without reading any",
}
"""What a role allows, in words. Source: https://cloud.google.com/iam/docs/roles-permissions"""


def may_at_all_times(environment: EnvironmentGuide, role: str) -> bool:
    """Whether the owners hold a role on the project without asking."""
    return any(role == held for _, held in _roles(environment))


def title(environment: EnvironmentGuide) -> str:
    return f"Who may look at {environment.id} at all times"


def blocks(environment: EnvironmentGuide) -> Blocks:
    return [
        heading(4, title(environment)),
        paragraph(WHY[environment.context.environment.tier]),
        table(
            ("May", "Who", "Because of"),
            [*_on_the_project(environment), *_acting(environment), *_inside(environment), *_secrets(environment)],
        ),
        *(time_bound.blocks(environment) or _by_hand(environment)),
    ]


def how_to_get_more(environment: EnvironmentGuide) -> Inline:
    """A link to where it is told."""
    return link("how to be given it", anchor(time_bound.title(environment)))


def _on_the_project(environment: EnvironmentGuide) -> Iterator[tuple[Text, ...]]:
    groups: dict[str, list[str]] = {}
    for group, role in _roles(environment):
        groups.setdefault(role, []).append(group)
    for role, holders in groups.items():
        meaning = MEANINGS.get(role, "what the role says").format(resource=environment.workload.resource)
        yield meaning, join(holders), code(role)


def _acting(environment: EnvironmentGuide) -> Iterator[tuple[Text, ...]]:
    """Roles on the service's own identity, without which nobody can deploy what runs as it."""
    groups = {f"group:{group}": group for group in environment.context.owner_groups.values()}
    holders: dict[str, list[str]] = {}
    for resource in resources(environment.stack("iam"), "google_service_account_iam_member"):
        if resource.text("member") in groups:
            holders.setdefault(resource.text("role"), []).append(groups[resource.text("member")])
    what = fmt("let something run as {}", code(environment.context.names.workload_email))
    for role, held_by in holders.items():
        yield what, join(held_by), code(role)


def _inside(environment: EnvironmentGuide) -> Iterator[tuple[Text, ...]]:
    """What owners may do inside the databases: nothing where the tier doesn't let them log in."""
    can_log_in = may_at_all_times(environment, DATABASE_LOGIN)
    for memberships, groups in _database_roles(environment).items():
        within = join(map(code, memberships), ", ", " and ")
        if can_log_in:
            yield fmt("inside the databases, what {} may", within), join(groups), fmt("member of {}", within)
        else:
            yield "inside the databases, nothing: they can't log in", join(groups), fmt("member of {}", within)


def _secrets(environment: EnvironmentGuide) -> Iterator[tuple[Text, ...]]:
    groups: dict[str, list[str]] = {}
    for secret, group in version_adders(environment):
        groups.setdefault(secret, []).append(group)
    for secret, holders in groups.items():
        yield fmt("to secret {}, {}", code(secret), MEANINGS[VERSION_ADDER]), join(holders), code(VERSION_ADDER)


def _by_hand(environment: EnvironmentGuide) -> Blocks:
    """How to be given what the tier withholds, without Privileged Access Manager: a binding that ends by itself."""
    lacking = [role for role in _useful(environment) if not may_at_all_times(environment, role)]
    if not lacking:
        return []
    folder = environment.context.names.folder_id
    return [
        heading(4, time_bound.title(environment)),
        paragraph(
            fmt(
                "There is no Privileged Access Manager here ({}). More, for one person and for a while, is given by"
                " somebody who may administer access to the project ({}). Terraform leaves such a grant alone, and it ends at UNTIL (such as {}).",
                environment.context.platform.access.reason or "platform.yaml switches it off",
                link(f"folder {folder}", links.folder(folder)),
                code("2030-01-31T18:00:00Z"),
            )
        ),
        shell(*(_grant(environment, role) for role in lacking)),
    ]


def _useful(environment: EnvironmentGuide) -> Iterator[str]:
    yield LOG_READER
    if environment.context.has_postgres:
        yield DATABASE_CLIENT
        yield DATABASE_LOGIN


def _grant(environment: EnvironmentGuide, role: str) -> str:
    domain = environment.context.platform.organization.domain
    return gcloud(
        "projects",
        "add-iam-policy-binding",
        environment.project_id,
        member=f"user:PERSON@{domain}",
        role=role,
        condition='expression=request.time < timestamp("UNTIL"),title=temporary',
    )


def _roles(environment: EnvironmentGuide) -> Iterator[tuple[str, str]]:
    """(group, role on the project), as stack `iam` grants them to the owners."""
    groups = set(environment.context.owner_groups.values())
    for resource in resources(environment.stack("iam"), "google_project_iam_member"):
        member = resource.text("member").removeprefix("group:")
        if member in groups:
            yield member, resource.text("role")


def _database_roles(environment: EnvironmentGuide) -> dict[tuple[str, ...], list[str]]:
    """Roles inside the databases -> the owners' groups that stack `grants` gives just these."""
    groups = set(environment.context.owner_groups.values())
    roles: dict[str, tuple[str, ...]] = {}
    for resource in resources(environment.stack("grants"), "postgresql_grant_role"):
        user = resource.text("role")
        if user in groups:
            roles[user] = (*roles.get(user, ()), resource.text("grant_role"))
    found: dict[tuple[str, ...], list[str]] = {}
    for group, memberships in roles.items():
        found.setdefault(memberships, []).append(group)
    return found


def version_adders(environment: EnvironmentGuide) -> Iterator[tuple[str, str]]:
    """(secret id, group) for each group that may add versions to a secret at all times."""
    for resource in resources(environment.stack("iam"), "google_secret_manager_secret_iam_member"):
        member = resource.text("member")
        if resource.text("role") == VERSION_ADDER and member.startswith("group:"):
            yield resource.text("secret_id"), member.removeprefix("group:")


def note_on_logs(environment: EnvironmentGuide) -> Inline | None:
    """What to know before the first command, where owners can't read logs without asking."""
    if may_at_all_times(environment, LOG_READER):
        return None
    return fmt(
        "Owners don't hold {} in {} at all times: {}.",
        code(LOG_READER),
        environment.id,
        how_to_get_more(environment),
    )

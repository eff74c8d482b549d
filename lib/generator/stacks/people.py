"""What people need for each kind of resource, level by level: one table, read for their standing access (stack `iam`) and
for their time-bound access (stack `access`). Nothing here lets change who may what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from generator.context import Context
from spec.names import KEY_RESCUE_ROLE_ID
from spec.tiers import StandingAccess

DATABASE_LOGIN_ROLES = ("roles/cloudsql.client", "roles/cloudsql.instanceUser")
CACHE_LOGIN_ROLES = ("roles/memorystore.dbConnectionUser",)

ALWAYS: dict[StandingAccess, tuple[str, ...]] = {
    "metadata": ("roles/monitoring.viewer", "roles/run.viewer"),
    "read": ("roles/cloudtrace.user", "roles/logging.viewer", "roles/monitoring.viewer", "roles/run.viewer"),
    "readWrite": ("roles/cloudtrace.user", "roles/logging.viewer", "roles/monitoring.viewer", "roles/run.developer"),
}
"""For the workload itself, which every environment has."""


@dataclass(frozen=True)
class Needs:
    """Roles on the project for one kind of resource.

    used       whether the environment has it
    look       names, settings and states
    read       what is in it
    write      change what is in it
    emergency  change it itself
    """

    used: Callable[[Context], bool]
    look: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    emergency: tuple[str, ...] = ()


RESOURCES = (
    Needs(
        lambda context: context.has_postgres,
        look=("roles/cloudsql.viewer",),
        # What a person may read or write inside is the matter of their database roles (stack `grants`).
        read=DATABASE_LOGIN_ROLES,
        emergency=("roles/cloudsql.admin",),
    ),
    Needs(
        lambda context: context.has_redis,
        look=("roles/memorystore.viewer",),
        # Whoever is connected may do everything: there is no reading alone.
        write=CACHE_LOGIN_ROLES,
        emergency=("roles/memorystore.admin",),
    ),
    Needs(
        lambda context: bool(context.environment.resources.buckets),
        read=("roles/storage.objectViewer",),
        write=("roles/storage.objectUser",),
    ),
    Needs(
        lambda context: context.has_bigquery or context.analytics is not None,
        look=("roles/bigquery.metadataViewer",),
        read=("roles/bigquery.dataViewer", "roles/bigquery.jobUser"),
    ),
    Needs(lambda context: context.has_bigquery, write=("roles/bigquery.dataEditor",)),
    Needs(
        lambda context: bool(context.environment.resources.topics or context.environment.resources.subscriptions),
        look=("roles/pubsub.viewer",),
        # To read a message is to take it, or to hold it back from the service: that is writing.
        write=("roles/pubsub.publisher", "roles/pubsub.subscriber"),
    ),
    Needs(
        lambda context: bool(context.environment.resources.queues),
        look=("roles/cloudtasks.viewer",),
        write=("roles/cloudtasks.taskDeleter", "roles/cloudtasks.taskRunner"),
        emergency=("roles/cloudtasks.queueAdmin",),
    ),
    Needs(
        lambda context: context.environment.domain is not None,
        emergency=("roles/compute.loadBalancerAdmin", "roles/compute.securityAdmin"),
    ),
    Needs(
        lambda context: bool(context.encrypted),
        look=("roles/cloudkms.viewer",),
        # To bring a key back; whoever may destroy keys is nobody here.
        emergency=(f"projects/{{project}}/roles/{KEY_RESCUE_ROLE_ID}",),
    ),
    Needs(lambda context: context.environment.schedule is not None, emergency=("roles/cloudscheduler.admin",)),
)


def standing(context: Context) -> set[str]:
    """What owners hold at all times, by the tier."""
    access = context.safety.standing_access
    return {
        *ALWAYS[access],
        *look(context),
        *(read(context) if access != "metadata" else ()),
        *(write(context) if access == "readWrite" else ()),
    }


def look(context: Context) -> list[str]:
    return [role for needs in _used(context) for role in needs.look]


def read(context: Context) -> list[str]:
    return [role for needs in _used(context) for role in needs.read]


def write(context: Context) -> list[str]:
    return [role for needs in _used(context) for role in needs.write]


def emergency(context: Context) -> list[str]:
    return [role.format(project=context.names.project_id) for needs in _used(context) for role in needs.emergency]


def _used(context: Context) -> list[Needs]:
    return [needs for needs in RESOURCES if needs.used(context)]

"""What holds something is destroyed by consent alone, and what runs is what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.safety.stateful import STATEFUL
from generator.testing.invariants.made import WORKLOADS, Made, arguments, at, strings

LOCKS = {
    "google_bigquery_table": "deletion_protection",
    "google_cloud_run_v2_job": "deletion_protection",
    "google_cloud_run_v2_service": "deletion_protection",
    "google_memorystore_instance": "deletion_protection_enabled",
    "google_sql_database_instance": "settings.deletion_protection_enabled",
}
"""Locks of Google's or of the provider's own, besides Terraform's: kind -> argument."""


def what_holds_something_is_locked(made: Made) -> Iterator[str]:
    """Terraform and Google both refuse to destroy what holds something, unless the spec says allowDestroys."""
    for place in made.places:
        locked = not place.environment.allow_destroys
        for kind, where, body in place.resources:
            if kind in STATEFUL and bool(at(body, "lifecycle.prevent_destroy")) != locked:
                yield f"{where} is {'not ' * locked}kept by Terraform"
            if kind in LOCKS and at(body, LOCKS[kind]) is not locked and kind in STATEFUL:
                yield f"{where}: {LOCKS[kind]} is {at(body, LOCKS[kind])}"
            if kind == "google_storage_bucket" and body.get("force_destroy") and locked:
                yield f"{where} would be emptied"


def databases_are_kept_as_the_tier_says(made: Made) -> Iterator[str]:
    """Backups, recovery and standby are at least what tier or spec say."""
    for place in made.places:
        safety = place.safety
        for where, body in place.each("google_sql_database_instance"):
            backup = at(body, "settings.backup_configuration") or {}
            if backup.get("enabled") is not True:
                yield f"{where} has no backups"
            if at(backup, "backup_retention_settings.retained_backups") != safety.postgres_backup_retention_days:
                yield f"{where} keeps {at(backup, 'backup_retention_settings.retained_backups')} backups"
            if backup.get("point_in_time_recovery_enabled") is not safety.postgres_point_in_time_recovery:
                yield f"{where}: point-in-time recovery is {backup.get('point_in_time_recovery_enabled')}"
            if (at(body, "settings.availability_type") == "REGIONAL") is not safety.postgres_high_availability:
                yield f"{where} is {at(body, 'settings.availability_type')}"


def logs_are_kept_as_the_tier_says(made: Made) -> Iterator[str]:
    """What happened is known for as long as tier or spec say, and the record of who did it is locked where they say so."""
    for place in made.places:
        kept = {str(body["bucket_id"]): body for _, body in place.each("google_logging_project_bucket_config")}
        expected = {"_Default": place.safety.log_retention_days, "audit": place.safety.audit_retention_days}
        found = {id: body.get("retention_days") for id, body in kept.items()}
        if found != expected:
            yield f"{place.id}: logs are kept {found} and not {expected}"
        if bool(kept.get("audit", {}).get("locked")) is not place.safety.audit_locked:
            yield f"{place.id}: the audit logs' lock is {kept.get('audit', {}).get('locked')}"


def images_are_pinned(made: Made) -> Iterator[str]:
    """What runs is named by digest, unless the spec names a tag by hand in tier test."""
    for place in made.places:
        deploy = place.environment.deploy
        by_tag = place.environment.tier == "test" and deploy.type == "manual" and deploy.digest is None
        for where, body in place.each(*WORKLOADS):
            for image in _images(body):
                if not by_tag and not re.search(r"@sha256:[0-9a-f]{64}$", image):
                    yield f"{where} runs {image}"


def _images(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, below in value.items():
            if name == "image" and isinstance(below, str):
                yield below
            else:
                yield from _images(below)
    elif isinstance(value, list):
        for below in value:
            yield from _images(below)


def no_variable_is_set_twice(made: Made) -> Iterator[str]:
    """A container has each variable once."""
    for place in made.places:
        for where, body in place.each(*WORKLOADS):
            for path, value in arguments(body):
                if path.endswith("containers"):
                    for container in value:
                        names = [variable["name"] for variable in container.get("env", ())]
                        for name in sorted({name for name in names if names.count(name) > 1}):
                            yield f"{where} sets {name} twice"


def everything_is_where_it_belongs(made: Made) -> Iterator[str]:
    """All that names a project names the environment's own, unless the spec or platform.yaml names another."""
    allowed_elsewhere = {
        "google_artifact_registry_repository_iam_member",
        "google_bigquery_dataset",
        "google_bigquery_dataset_iam_member",
        "google_bigquery_table",
        "google_certificate_manager_dns_authorization",
        "google_dns_record_set",
        "google_project_iam_member",
        "google_pubsub_topic_iam_member",
        "google_secret_manager_secret_iam_member",
    }
    for place in made.places:
        own = place.names.project_id
        for kind, where, body in place.resources:
            project = str(body.get("project", own))
            if project not in (own, "${google_project.project.project_id}") and kind not in allowed_elsewhere:
                if not any(project == other.names.project_id for other in made.places):
                    yield f"{where} is in {project}"


def versions_are_pinned(made: Made) -> Iterator[str]:
    """Each stack names its Terraform, its providers' exact versions, and one place for its state, which no other has."""
    seen: dict[str, str] = {}
    for place in made.places:
        for stack, terraform in place.stacks.items():
            where, settings = f"{place.id}/{stack}", terraform["terraform"]
            if not settings.get("required_version"):
                yield f"{where} names no version of Terraform"
            for name, provider in settings["required_providers"].items():
                if not re.fullmatch(r"\d+\.\d+\.\d+", provider["version"]):
                    yield f"{where} takes {name} {provider['version']}"
            homes = [settings[name] for name in ("backend", "cloud") if name in settings]
            home = "".join(sorted(strings(homes)))
            if len(homes) != 1 or home in seen:
                yield f"{where} keeps its state where {seen.get(home, 'nobody knows')} does"
            seen[home] = where


PREDICATES = (
    what_holds_something_is_locked,
    databases_are_kept_as_the_tier_says,
    logs_are_kept_as_the_tier_says,
    images_are_pinned,
    no_variable_is_set_twice,
    everything_is_where_it_belongs,
    versions_are_pinned,
)

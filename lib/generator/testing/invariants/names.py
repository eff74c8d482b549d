"""Every name is one that Google takes, and nothing else has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.testing.invariants.made import Made, at

DOCS = "https://cloud.google.com"


@dataclass(frozen=True)
class Limit:
    """What names of one kind of resource look like."""

    argument: str
    pattern: str
    least: int
    most: int
    source: str


RFC_1035 = r"[a-z]([-a-z0-9]*[a-z0-9])?"
TITLE = r"[^\n]*"

_COMPUTE = f"{DOCS}/compute/docs/naming-resources"
_ALERT = f"{DOCS}/monitoring/api/ref_v3/rest/v3/projects.alertPolicies"
_DEPLOY = f"{DOCS}/deploy/docs/api/reference/rest/v1/projects.locations.deliveryPipelines"
_STREAM = f"{DOCS}/datastream/docs/reference/rest/v1/projects.locations.streams/create"
_POOL = f"{DOCS}/iam/docs/manage-workload-identity-pools-providers"
_PUBSUB = f"{DOCS}/pubsub/docs/pubsub-basics#resource_names"
_BIGQUERY = f"{DOCS}/bigquery/docs/datasets#dataset-naming"
_SQL = f"{DOCS}/sql/docs/postgres/instance-settings"
_CERTIFICATES = (
    f"{DOCS}/certificate-manager/docs/reference/certificate-manager/rest/v1/projects.locations.certificates/create"
)
_POSTGRES = "https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS"
_PUBSUB_NAME = r"(?!goog)[A-Za-z][A-Za-z0-9._~+%-]*"

LIMITS: dict[str, tuple[Limit, ...]] = {
    "google_bigquery_dataset": (Limit("dataset_id", r"[A-Za-z0-9_]+", 1, 1024, _BIGQUERY),),
    "google_bigquery_table": (Limit("table_id", r"[A-Za-z0-9_]+", 1, 1024, _BIGQUERY),),
    "google_certificate_manager_certificate": (Limit("name", RFC_1035, 1, 63, _CERTIFICATES),),
    "google_certificate_manager_certificate_map": (Limit("name", RFC_1035, 1, 63, _CERTIFICATES),),
    "google_certificate_manager_certificate_map_entry": (Limit("name", RFC_1035, 1, 63, _CERTIFICATES),),
    "google_certificate_manager_dns_authorization": (Limit("name", RFC_1035, 1, 63, _CERTIFICATES),),
    "google_cloud_run_v2_job": (Limit("name", RFC_1035, 1, 49, f"{DOCS}/run/docs/create-jobs"),),
    "google_cloud_run_v2_service": (Limit("name", RFC_1035, 1, 49, f"{DOCS}/run/docs/deploying"),),
    "google_cloud_run_v2_worker_pool": (Limit("name", RFC_1035, 1, 49, f"{DOCS}/run/docs/deploy-worker-pools"),),
    "google_cloud_scheduler_job": (Limit("name", r"[A-Za-z0-9_-]+", 1, 500, f"{DOCS}/scheduler/docs/reference/rest/v1/projects.locations.jobs"),),
    "google_cloud_tasks_queue": (Limit("name", r"[A-Za-z0-9-]+", 1, 100, f"{DOCS}/tasks/docs/reference/rest/v2/projects.locations.queues"),),
    "google_clouddeploy_automation": (Limit("name", RFC_1035, 1, 63, _DEPLOY),),
    "google_clouddeploy_delivery_pipeline": (Limit("name", RFC_1035, 1, 63, _DEPLOY),),
    "google_clouddeploy_target": (Limit("name", RFC_1035, 1, 63, _DEPLOY),),
    "google_datastream_connection_profile": (Limit("connection_profile_id", RFC_1035, 1, 60, _STREAM), Limit("display_name", TITLE, 1, 100, _STREAM)),
    "google_datastream_private_connection": (Limit("private_connection_id", RFC_1035, 1, 60, _STREAM), Limit("display_name", TITLE, 1, 100, _STREAM)),
    "google_datastream_stream": (Limit("stream_id", RFC_1035, 1, 60, _STREAM), Limit("display_name", TITLE, 1, 1120, _STREAM)),
    "google_dns_record_set": (Limit("name", r"([a-z0-9_*]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+", 2, 254, "https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4"),),
    "google_iam_workload_identity_pool": (Limit("workload_identity_pool_id", r"(?!gcp-)[a-z0-9-]+", 4, 32, _POOL), Limit("display_name", TITLE, 1, 32, _POOL)),
    "google_iam_workload_identity_pool_provider": (Limit("workload_identity_pool_provider_id", r"(?!gcp-)[a-z0-9-]+", 4, 32, _POOL), Limit("display_name", TITLE, 1, 32, _POOL)),
    "google_kms_crypto_key": (Limit("name", r"[A-Za-z0-9_-]+", 1, 63, f"{DOCS}/kms/docs/resource-hierarchy"),),
    "google_kms_key_ring": (Limit("name", r"[A-Za-z0-9_-]+", 1, 63, f"{DOCS}/kms/docs/resource-hierarchy"),),
    "google_logging_metric": (Limit("name", r"[A-Za-z0-9_.,+!*',()%/-]+", 1, 100, f"{DOCS}/logging/docs/reference/v2/rest/v2/projects.metrics"),),
    "google_logging_project_bucket_config": (Limit("bucket_id", r"[A-Za-z0-9_.-]+", 1, 100, f"{DOCS}/logging/docs/buckets"),),
    "google_logging_project_exclusion": (Limit("name", r"[A-Za-z0-9_.-]+", 1, 100, f"{DOCS}/logging/docs/reference/v2/rest/v2/exclusions"),),
    "google_logging_project_sink": (Limit("name", r"[A-Za-z0-9_.-]+", 1, 100, f"{DOCS}/logging/docs/reference/v2/rest/v2/projects.sinks"),),
    "google_memorystore_instance": (Limit("instance_id", RFC_1035, 4, 63, f"{DOCS}/memorystore/docs/valkey/reference/rest/v1/projects.locations.instances/create"),),
    "google_monitoring_alert_policy": (Limit("display_name", TITLE, 1, 512, _ALERT), Limit("documentation.subject", TITLE, 1, 255, _ALERT)),
    "google_monitoring_custom_service": (Limit("service_id", r"[a-z0-9-]+", 1, 63, f"{DOCS}/monitoring/api/ref_v3/rest/v3/services/create"), Limit("display_name", TITLE, 1, 512, _ALERT)),
    "google_monitoring_notification_channel": (Limit("display_name", TITLE, 1, 512, f"{DOCS}/monitoring/api/ref_v3/rest/v3/projects.notificationChannels"),),
    "google_monitoring_slo": (Limit("slo_id", r"[a-zA-Z0-9-]+", 1, 63, f"{DOCS}/monitoring/api/ref_v3/rest/v3/services.serviceLevelObjectives/create"), Limit("display_name", TITLE, 1, 512, _ALERT)),
    "google_monitoring_uptime_check_config": (Limit("display_name", TITLE, 1, 512, f"{DOCS}/monitoring/api/ref_v3/rest/v3/projects.uptimeCheckConfigs"),),
    "google_network_connectivity_service_connection_policy": (Limit("name", RFC_1035, 1, 63, _COMPUTE),),
    "google_privileged_access_manager_entitlement": (Limit("entitlement_id", r"[a-z][a-z0-9-]*[a-z0-9]", 4, 63, f"{DOCS}/iam/docs/reference/pam/rest/v1/projects.locations.entitlements/create"),),
    "google_project": (
        Limit("project_id", r"(?!.*(google|ssl|null|undefined))[a-z][a-z0-9-]*[a-z0-9]", 6, 30, f"{DOCS}/resource-manager/docs/creating-managing-projects"),
        Limit("name", r"[A-Za-z0-9 '\"!-]+", 4, 30, f"{DOCS}/resource-manager/reference/rest/v3/projects"),
    ),
    "google_project_iam_custom_role": (Limit("role_id", r"[A-Za-z0-9_.]+", 3, 64, f"{DOCS}/iam/docs/creating-custom-roles"), Limit("title", TITLE, 1, 100, f"{DOCS}/iam/docs/creating-custom-roles")),
    "google_pubsub_subscription": (Limit("name", _PUBSUB_NAME, 3, 255, _PUBSUB),),
    "google_pubsub_topic": (Limit("name", _PUBSUB_NAME, 3, 255, _PUBSUB),),
    "google_secret_manager_secret": (Limit("secret_id", r"[A-Za-z0-9_-]+", 1, 255, f"{DOCS}/secret-manager/docs/creating-and-accessing-secrets"),),
    "google_service_account": (Limit("account_id", RFC_1035, 6, 30, f"{DOCS}/iam/docs/service-accounts-create"), Limit("display_name", TITLE, 1, 100, f"{DOCS}/iam/docs/service-accounts-create")),
    "google_sql_database": (Limit("name", r"[a-z_][a-z0-9_$-]*", 1, 63, _POSTGRES),),
    "google_sql_database_instance": (Limit("name", RFC_1035, 1, 67, _SQL),),
    "google_sql_user": (Limit("name", r"[a-z0-9_.@%+'-]+", 1, 63, _POSTGRES),),
    "google_storage_bucket": (Limit("name", r"(?!goog)(?!.*(google|g00gle))[a-z0-9][a-z0-9_-]*[a-z0-9]", 3, 63, f"{DOCS}/storage/docs/buckets#naming"),),
    "google_tags_tag_key": (Limit("short_name", r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?", 1, 63, f"{DOCS}/resource-manager/docs/tags/tags-creating-and-managing"),),
    "google_tags_tag_value": (Limit("short_name", r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?", 1, 63, f"{DOCS}/resource-manager/docs/tags/tags-creating-and-managing"),),
    "postgresql_extension": (Limit("name", r"[a-z][a-z0-9_]*", 1, 63, _POSTGRES),),
    "postgresql_publication": (Limit("name", r"[a-z][a-z0-9_]*", 1, 63, _POSTGRES),),
    "postgresql_replication_slot": (Limit("name", r"[a-z0-9_]+", 1, 63, _POSTGRES),),
    "postgresql_role": (Limit("name", r"[a-z][a-z0-9_]*", 1, 63, _POSTGRES),),
}  # fmt: skip
"""Kind of resource -> what Google (or PostgreSQL) demands of its names. Everything of Compute Engine is by RFC 1035."""

NAMING = re.compile(r"^(name|display_name|short_name|\w+_id)$")
"""Arguments that name something."""

WITHIN = (
    "project", "region", "location", "instance", "dataset_id", "managed_zone", "type", "database", "certificate_map",
    "service", "member", "role", "bucket", "secret_id", "topic", "parent", "subscription", "delivery_pipeline",
    "service_account_id", "tag_value", "queue", "workload_identity_pool_id", "repository",
    "key_ring", "crypto_key_id",
)  # fmt: skip
"""Arguments within whose value a name is unique."""

LABEL_KEY, LABEL_VALUE, MAX_LABELS = re.compile(r"[a-z][a-z0-9_-]{0,62}"), re.compile(r"[a-z0-9_-]{0,63}"), 64
"""https://cloud.google.com/resource-manager/docs/labels-overview#requirements"""


def limits_of(kind: str) -> tuple[Limit, ...]:
    """What is demanded of the names of one kind of resource."""
    if kind.startswith("google_compute_"):
        return (Limit("name", RFC_1035, 1, 63, _COMPUTE),)
    return LIMITS.get(kind, ())


def names_are_within_limits(made: Made) -> Iterator[str]:
    """Every name has the letters and the length that are allowed. Parts that only Google knows are left out."""
    for place in made.places:
        for kind, where, body in place.resources:
            for limit in limits_of(kind):
                name = at(body, limit.argument)
                if not isinstance(name, str) or "${" in name.replace("$${", ""):
                    continue
                name = name.replace("$${", "${").replace("%%{", "%{")
                if not (limit.least <= len(name) <= limit.most and re.fullmatch(limit.pattern, name)):
                    yield f"{where} {limit.argument} {name!r} ({len(name)} characters)"


def nothing_has_the_same_name_twice(made: Made) -> Iterator[str]:
    """No two resources of a kind have the same name in one project and place: Google has one of them only."""
    for place in made.places:
        seen: dict[tuple[str, ...], str] = {}
        for kind, where, body in place.resources:
            named = [limit.argument for limit in limits_of(kind)[:1]]
            if kind.endswith("_iam_member"):
                named = ["member"]
            if not named or kind == "google_monitoring_alert_policy":
                continue
            key = (kind, *(str(at(body, argument)) for argument in (*named, *WITHIN, "condition", "name")))
            if key in seen:
                yield f"{where} is {seen[key]} once more"
            seen[key] = where
        titles = [body["display_name"] for _, body in place.each("google_monitoring_alert_policy")]
        for title in sorted({title for title in titles if titles.count(title) > 1}):
            yield f"{place.id}: alerts of the same name {title!r}"


def labels_are_valid(made: Made) -> Iterator[str]:
    """Labels are few, short and in lower case, and say whose the thing is."""
    for place in made.places:
        labelled = [
            (where, body[argument])
            for where, body in place.each()
            for argument in ("labels", "user_labels")
            # A channel's `labels` are its address.
            if isinstance(body.get(argument), dict) and " google_monitoring_notification_channel." not in where
        ]
        for stack, terraform in place.stacks.items():
            for provider in terraform["provider"].get("google", ()):
                labelled.append((f"{place.id}/{stack} provider google", provider["default_labels"]))
                if provider["default_labels"].get("service") != made.spec.service.id:
                    yield f"{place.id}/{stack}: labels do not name the service"
        for where, labels in labelled:
            if len(labels) > MAX_LABELS:
                yield f"{where} has {len(labels)} labels"
            for name, value in labels.items():
                if not LABEL_KEY.fullmatch(name) or not (LABEL_VALUE.fullmatch(str(value)) or "${" in str(value)):
                    yield f"{where} label {name}={value!r}"


PREDICATES = (names_are_within_limits, nothing_has_the_same_name_twice, labels_are_valid)

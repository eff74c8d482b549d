"""What is known about who did what, and for how long: Cloud Audit Logs of data access, and Cloud Logging's buckets.

Data access is kept apart from the service's own logs: in a bucket of its own, which can be kept for longer and locked.
What the service itself does is not recorded, only what others do to its data (docs/adr/0014-database-audit.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from constructs import Construct

from generator.audit import BUCKET, DATA_ACCESS, STATEMENT
from generator.engine import core, google
from generator.resources.ids import slug
from spec.tiers import DataAccessLogs

READ, READ_AND_WRITE = ("DATA_READ",), ("DATA_READ", "DATA_WRITE")


@dataclass(frozen=True)
class _Api:
    """An API whose data access is recorded; `but_not_by_workload` where the service uses it all the time."""

    name: str
    kinds: Sequence[str]
    but_not_by_workload: bool = False


# Kinds: https://cloud.google.com/logging/docs/audit/services
_CLOUD_SQL = _Api("cloudsql.googleapis.com", READ_AND_WRITE)
_SECRETS = _Api("secretmanager.googleapis.com", READ)
_IDENTITIES = _Api("iam.googleapis.com", READ)
_LOGS = _Api("logging.googleapis.com", READ)
_BUCKETS = _Api("storage.googleapis.com", READ_AND_WRITE, but_not_by_workload=True)

APIS: dict[DataAccessLogs, tuple[_Api, ...]] = {
    "data": (_CLOUD_SQL,),
    "credentials": (_CLOUD_SQL, _SECRETS, _IDENTITIES),
    "everything": (_CLOUD_SQL, _SECRETS, _IDENTITIES, _LOGS, _BUCKETS),
}
"""What a tier has recorded. BigQuery records all access to data by itself and can't be told not to."""


@dataclass(frozen=True)
class Config:
    project_id: str
    region: str
    data_access: DataAccessLogs
    workload_email: str
    workload_database_user: str
    retention_days: int
    audit_retention_days: int
    audit_locked: bool
    lifecycle: core.TerraformResourceLifecycle | None


def new(scope: Construct, id: str, config: Config) -> None:
    member = f"serviceAccount:{config.workload_email}"
    for api in APIS[config.data_access]:
        google.project_iam_audit_config.ProjectIamAuditConfig(
            scope,
            f"{id}-{slug(api.name.removesuffix('.googleapis.com'))}",
            project=config.project_id,
            service=api.name,
            audit_log_config=[
                google.project_iam_audit_config.ProjectIamAuditConfigAuditLogConfig(
                    log_type=kind, exempted_members=[member] if api.but_not_by_workload else None
                )
                for kind in api.kinds
            ],
        )
    google.logging_project_bucket_config.LoggingProjectBucketConfig(
        scope,
        f"{id}-default-bucket",
        project=config.project_id,
        # Cloud Logging has made this one already; Terraform takes it over.
        bucket_id="_Default",
        location="global",
        retention_days=config.retention_days,
        lifecycle=config.lifecycle,
    )
    bucket = google.logging_project_bucket_config.LoggingProjectBucketConfig(
        scope,
        f"{id}-bucket",
        project=config.project_id,
        bucket_id=BUCKET,
        location=config.region,
        description="Who read or changed data",
        retention_days=config.audit_retention_days,
        locked=config.audit_locked,
        lifecycle=config.lifecycle,
    )
    google.logging_project_sink.LoggingProjectSink(
        scope,
        f"{id}-sink",
        project=config.project_id,
        name=BUCKET,
        description="Data access goes into a bucket of its own",
        destination=f"logging.googleapis.com/{bucket.id}",
        filter=DATA_ACCESS,
        unique_writer_identity=True,
        exclusions=[
            google.logging_project_sink.LoggingProjectSinkExclusions(
                name="statements-of-the-workload",
                description="The service's own statements, as far as its database still records them",
                filter=f'{STATEMENT} AND protoPayload.request.user="{config.workload_database_user}"',
            ),
            google.logging_project_sink.LoggingProjectSinkExclusions(
                name="bigquery-of-the-workload",
                description="The service's own rows: BigQuery records every access by itself",
                filter='protoPayload.serviceName="bigquery.googleapis.com"'
                f' AND protoPayload.authenticationInfo.principalEmail="{config.workload_email}"',
            ),
        ],
    )
    google.logging_project_exclusion.LoggingProjectExclusion(
        scope,
        f"{id}-elsewhere",
        project=config.project_id,
        name="data-access-is-in-bucket-audit",
        description="Kept once, in the bucket for it",
        filter=DATA_ACCESS,
    )

"""A Cloud Storage bucket: opened by IAM alone, never public, in one region; what is deleted can be brought back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from constructs import Construct

from generator.engine import core, google

READ, WRITE = "roles/storage.objectViewer", "roles/storage.objectUser"
SECONDS_OF_A_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Config:
    project_id: str
    name: str
    region: str
    delete_after_days: int | None
    retention_days: int | None
    recovery_days: int
    """For how long old versions and deleted objects are kept."""
    writers: Mapping[str, str] = field(default_factory=dict)
    """Who may read, make and delete objects: a stable name for the address -> IAM member."""
    force_destroy: bool = False
    """Whether the bucket may be destroyed with objects in it."""
    lifecycle: core.TerraformResourceLifecycle | None = None
    kms_key: str | None = None
    """Key of the environment's own that encrypts it; None for Google's."""


@dataclass(frozen=True)
class Output:
    name: str


def new(scope: Construct, id: str, config: Config) -> Output:
    storage = google.storage_bucket
    bucket = storage.StorageBucket(
        scope,
        id,
        project=config.project_id,
        name=config.name,
        location=config.region.upper(),
        storage_class="STANDARD",
        uniform_bucket_level_access=True,
        public_access_prevention="enforced",
        force_destroy=config.force_destroy,
        # Where nothing can be replaced there are no old versions, and Cloud Storage has not always allowed both.
        versioning=storage.StorageBucketVersioning(enabled=config.retention_days is None),
        soft_delete_policy=storage.StorageBucketSoftDeletePolicy(
            retention_duration_seconds=config.recovery_days * SECONDS_OF_A_DAY
        ),
        retention_policy=_retention(config),
        lifecycle_rule=_lifecycle(config),
        encryption=encryption(config.kms_key),
        lifecycle=config.lifecycle,
    )
    for name, member in config.writers.items():
        google.storage_bucket_iam_member.StorageBucketIamMember(
            scope, f"{id}-{name}", bucket=bucket.name, role=WRITE, member=member
        )
    return Output(name=bucket.name)


def encryption(kms_key: str | None) -> google.storage_bucket.StorageBucketEncryption | None:
    """What new objects are encrypted with; those that are there keep the key that they have."""
    return None if kms_key is None else google.storage_bucket.StorageBucketEncryption(default_kms_key_name=kms_key)


def _retention(config: Config) -> google.storage_bucket.StorageBucketRetentionPolicy | None:
    """Not locked: a lock is for ever, even for those who have to correct a mistake in the spec."""
    if config.retention_days is None:
        return None
    seconds = config.retention_days * SECONDS_OF_A_DAY
    return google.storage_bucket.StorageBucketRetentionPolicy(retention_period=seconds, is_locked=False)


def _lifecycle(config: Config) -> list[google.storage_bucket.StorageBucketLifecycleRule]:
    storage = google.storage_bucket

    def rule(action: str, **condition: int | str) -> google.storage_bucket.StorageBucketLifecycleRule:
        return storage.StorageBucketLifecycleRule(
            action=storage.StorageBucketLifecycleRuleAction(type=action),
            condition=storage.StorageBucketLifecycleRuleCondition(**condition),  # type: ignore[arg-type]
        )

    # Parts of uploads that were never finished are paid for and seen by nobody.
    rules = [rule("AbortIncompleteMultipartUpload", age=7)]
    if config.retention_days is None:
        rules.append(rule("Delete", days_since_noncurrent_time=config.recovery_days, with_state="ARCHIVED"))
    if config.delete_after_days is not None:
        rules.append(rule("Delete", age=config.delete_after_days, with_state="LIVE"))
    return rules

"""The bucket that keeps releases: what they were made from, and the manifests that a roll-back deploys again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google
from generator.resources.bucket import encryption

USE = "roles/storage.objectUser"
SEE = "roles/storage.legacyBucketReader"
"""`storage.buckets.get`, which gcloud asks for before it uploads."""


@dataclass(frozen=True)
class Config:
    project_id: str
    name: str
    region: str
    users: Mapping[str, str]
    """Who writes and reads releases: a stable name for the address -> IAM member."""
    allow_destroys: bool
    lifecycle: core.TerraformResourceLifecycle | None
    kms_key: str | None = None
    """Key of the environment's own that encrypts it; None for Google's."""


@dataclass(frozen=True)
class Output:
    name: str


def new(scope: Construct, id: str, config: Config) -> Output:
    bucket = google.storage_bucket.StorageBucket(
        scope,
        id,
        project=config.project_id,
        name=config.name,
        location=config.region,
        uniform_bucket_level_access=True,
        public_access_prevention="enforced",
        force_destroy=config.allow_destroys,
        versioning=google.storage_bucket.StorageBucketVersioning(enabled=True),
        encryption=encryption(config.kms_key),
        lifecycle=config.lifecycle,
    )
    for user, member in config.users.items():
        for name, role in (("uses", USE), ("sees", SEE)):
            google.storage_bucket_iam_member.StorageBucketIamMember(
                scope, f"{id}-{user}-{name}", bucket=bucket.name, role=role, member=member
            )
    return Output(name=bucket.name)

"""A Secret Manager secret, who may read it and, for the platform's own, its first version.

The value of a secret is never in Terraform's configuration, plan or state: a secret that people fill is created empty,
one that the platform makes gets an ephemeral random value through a write-only argument (Terraform >= 1.11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from constructs import Construct

from generator.engine import core, google

READ = "roles/secretmanager.secretAccessor"


@dataclass(frozen=True)
class Config:
    project_id: str
    secret_id: str
    region: str
    readers: Mapping[str, str] = field(default_factory=dict)
    """Who may read the secret's versions: a stable name for the address -> IAM member."""
    version_adders: Mapping[str, str] = field(default_factory=dict)
    """Who may add a version and read none, likewise."""
    ephemeral_value: str | None = None
    """Reference to an ephemeral value that becomes version 1; None for a secret that people fill."""
    public_value: str | None = None
    """A value that everybody may know, such as a certificate: it is in the state."""
    lifecycle: core.TerraformResourceLifecycle | None = None
    kms_key: str | None = None
    """Key of the environment's own that encrypts it; None for Google's."""


@dataclass(frozen=True)
class Output:
    id: str
    """projects/P/secrets/NAME"""


def new(scope: Construct, id: str, config: Config) -> Output:
    secret = google.secret_manager_secret.SecretManagerSecret(
        scope,
        id,
        project=config.project_id,
        secret_id=config.secret_id,
        deletion_protection=config.lifecycle is not None,
        # Kept in the environment's region: a secret is data of the service like any other.
        replication=google.secret_manager_secret.SecretManagerSecretReplication(
            user_managed=google.secret_manager_secret.SecretManagerSecretReplicationUserManaged(
                replicas=[
                    google.secret_manager_secret.SecretManagerSecretReplicationUserManagedReplicas(
                        location=config.region, customer_managed_encryption=_encryption(config.kms_key)
                    )
                ]
            )
        ),
        lifecycle=config.lifecycle,
    )
    if config.ephemeral_value is not None:
        google.secret_manager_secret_version.SecretManagerSecretVersion(
            scope,
            f"{id}-version",
            secret=secret.id,
            secret_data_wo=config.ephemeral_value,
            secret_data_wo_version=1,
        )
    if config.public_value is not None:
        google.secret_manager_secret_version.SecretManagerSecretVersion(
            scope, f"{id}-version", secret=secret.id, secret_data=config.public_value
        )
    for kind, role, members in (
        ("reader", READ, config.readers),
        ("adder", "roles/secretmanager.secretVersionAdder", config.version_adders),
    ):
        for name, member in members.items():
            grant(scope, f"{id}-{kind}-{name}", config.project_id, secret.secret_id, role, member)
    return Output(id=secret.id)


def _encryption(kms_key: str | None) -> Any:
    """What new versions are encrypted with."""
    if kms_key is None:
        return None
    replica = "SecretManagerSecretReplicationUserManagedReplicas"
    return getattr(google.secret_manager_secret, f"{replica}CustomerManagedEncryption")(kms_key_name=kms_key)


def grant(
    scope: Construct, id: str, project_id: str, secret_id: str, role: str, member: str
) -> google.secret_manager_secret_iam_member.SecretManagerSecretIamMember:
    """One role on one secret for one member."""
    return google.secret_manager_secret_iam_member.SecretManagerSecretIamMember(
        scope, id, project=project_id, secret_id=secret_id, role=role, member=member
    )

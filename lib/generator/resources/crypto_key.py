"""A key of Cloud KMS, and who may encrypt and decrypt with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google
from spec.encryption import ENCRYPT

SECONDS_OF_A_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Config:
    name: str
    key_ring: str
    """Id of its key ring."""
    rotation_days: int
    destroy_scheduled_days: int
    """For how long a version can be brought back."""
    protection_level: str
    labels: Mapping[str, str]
    agents: Mapping[str, str]
    """Identities of products: a stable name for the address -> IAM member."""
    lifecycle: core.TerraformResourceLifecycle | None


@dataclass(frozen=True)
class Output:
    id: str


def new(scope: Construct, id: str, config: Config) -> Output:
    kms = google.kms_crypto_key
    key = kms.KmsCryptoKey(
        scope,
        id,
        name=config.name,
        key_ring=config.key_ring,
        purpose="ENCRYPT_DECRYPT",
        rotation_period=f"{config.rotation_days * SECONDS_OF_A_DAY}s",
        destroy_scheduled_duration=f"{config.destroy_scheduled_days * SECONDS_OF_A_DAY}s",
        version_template=kms.KmsCryptoKeyVersionTemplate(
            algorithm="GOOGLE_SYMMETRIC_ENCRYPTION", protection_level=config.protection_level
        ),
        labels=dict(config.labels),
        lifecycle=config.lifecycle,
    )
    for name, member in config.agents.items():
        google.kms_crypto_key_iam_member.KmsCryptoKeyIamMember(
            scope, f"{id}-for-{name}", crypto_key_id=key.id, role=ENCRYPT, member=member
        )
    return Output(id=key.id)

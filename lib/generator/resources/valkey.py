"""A Memorystore for Valkey instance, spoken to as Redis: IAM instead of a password, TLS, a private endpoint.

Memorystore for Redis keeps its AUTH string as a readable attribute, so Terraform would hold it in state; Valkey with
IAM authentication has no password at all (docs/adr/0005-valkey-with-iam.md).
"""

from __future__ import annotations

from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google


@dataclass(frozen=True)
class Config:
    project_id: str
    name: str
    region: str
    network_id: str
    node_type: str
    high_availability: bool
    eviction_policy: str
    deletion_protection: bool
    lifecycle: core.TerraformResourceLifecycle | None
    kms_key: str | None = None
    """Key of the environment's own that encrypts it; None for Google's."""


@dataclass(frozen=True)
class Output:
    id: str
    host: str
    """Terraform expression of the primary endpoint's address."""
    port: int
    ca_certificates: str
    """Terraform expression of the instance's CA certificates, PEM, one after another. They are public."""


def new(scope: Construct, id: str, config: Config) -> Output:
    valkey = google.memorystore_instance
    instance = valkey.MemorystoreInstance(
        scope,
        id,
        project=config.project_id,
        instance_id=config.name,
        location=config.region,
        mode="CLUSTER_DISABLED",
        shard_count=1,
        replica_count=1 if config.high_availability else 0,
        node_type=config.node_type,
        engine_version="VALKEY_8_0",
        engine_configs={"maxmemory-policy": config.eviction_policy},
        authorization_mode="IAM_AUTH",
        kms_key=config.kms_key,
        transit_encryption_mode="SERVER_AUTHENTICATION",
        zone_distribution_config=valkey.MemorystoreInstanceZoneDistributionConfig(mode="MULTI_ZONE"),
        persistence_config=valkey.MemorystoreInstancePersistenceConfig(
            mode="RDB",
            rdb_config=valkey.MemorystoreInstancePersistenceConfigRdbConfig(rdb_snapshot_period="TWENTY_FOUR_HOURS"),
        ),
        desired_auto_created_endpoints=[
            valkey.MemorystoreInstanceDesiredAutoCreatedEndpoints(
                network=config.network_id, project_id=config.project_id
            )
        ],
        deletion_protection_enabled=config.deletion_protection,
        lifecycle=config.lifecycle,
    )
    address = f"google_memorystore_instance.{instance.friendly_unique_id}"
    return Output(
        id=instance.id,
        host=(
            "${one([for connection in flatten("
            f"{address}.endpoints[*].connections[*].psc_auto_connection[*]) : connection.ip_address "
            'if connection.connection_type == "CONNECTION_TYPE_PRIMARY"])}'
        ),
        port=6379,
        ca_certificates=(
            f'${{join("\\n", flatten({address}.managed_server_ca[*].ca_certs[*].certificates[*]))}}'
        ),
    )


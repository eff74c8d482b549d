"""What can't be made again: the kinds of resources that hold something, and which arguments replace them.

One table, for generated and for hand-written Terraform alike. A kind that is not in it holds nothing, unless a resource
says otherwise by `prevent_destroy`. `stateful_test` makes sure that every kind that the platform uses was thought about.

Source of the arguments: `ForceNew` and `CustomizeDiff` of each resource in the provider's source,
https://github.com/hashicorp/terraform-provider-google/tree/main/google/services (read in August 2026).
"""

from __future__ import annotations

from dataclasses import dataclass

AMBIENT = frozenset({"project", "region", "location"})
"""Arguments that the provider fills in where they are absent: absent against given is no difference."""


KEYS = frozenset(
    {
        "cmek_config",
        "customer_managed_encryption_key",
        "customer_managed_key",
        "disk_encryption_key",
        "encryption_config",
        "encryption_configuration",
        "encryption_key_name",
        "kms_key",
        "kms_key_name",
    }
)
"""Arguments that say with which key a thing is encrypted: of one that exists, none can be changed."""


@dataclass(frozen=True)
class Stateful:
    """One kind of resource that holds something."""

    holds: str
    """What is lost with it."""
    identity: tuple[str, ...]
    """Arguments whose change makes Terraform destroy it and make another."""
    rising: tuple[str, ...] = ()
    """Arguments that can't go down: there is no way back but another resource."""


STATEFUL: dict[str, Stateful] = {
    "google_alloydb_cluster": Stateful("databases and their backups", ("cluster_id", "location", "project", "encryption_config")),
    "google_artifact_registry_repository": Stateful("images and packages", ("repository_id", "location", "project", "format", "mode", "kms_key_name")),
    "google_bigquery_dataset": Stateful("tables", ("dataset_id", "location", "project")),
    "google_bigquery_table": Stateful("rows", ("table_id", "dataset_id", "project", "encryption_configuration", "time_partitioning.field", "range_partitioning.field")),
    "google_bigtable_instance": Stateful("tables", ("name", "project")),
    "google_cloud_tasks_queue": Stateful("tasks not yet done; its name can't be used again for a week", ("name", "location", "project")),
    "google_compute_address": Stateful("an address that others have written down", ("name", "region", "project", "address", "address_type", "ip_version", "network_tier", "purpose", "subnetwork", "network", "prefix_length")),
    "google_compute_disk": Stateful("files", ("name", "zone", "project", "type", "snapshot", "image", "disk_encryption_key"), rising=("size",)),
    "google_compute_global_address": Stateful("an address that others have written down", ("name", "project", "address", "address_type", "ip_version", "prefix_length", "purpose", "network")),
    "google_datastream_stream": Stateful("the position in the source's log: another stream copies everything again", ("stream_id", "location", "project", "customer_managed_encryption_key", "source_config.source_connection_profile", "destination_config.destination_connection_profile")),
    "google_dns_managed_zone": Stateful("every name in it", ("name", "dns_name", "project", "visibility")),
    "google_dns_record_set": Stateful("the name by which the service is reached", ("name", "managed_zone", "project")),
    "google_filestore_instance": Stateful("files", ("name", "location", "zone", "project", "tier", "kms_key_name", "networks")),
    "google_firestore_database": Stateful("documents", ("name", "location_id", "project", "database_edition", "cmek_config")),
    "google_kms_crypto_key": Stateful("a key: all that it encrypts is lost with it", ("name", "key_ring", "purpose", "destroy_scheduled_duration", "version_template.protection_level")),
    "google_kms_key_ring": Stateful("keys: all that they encrypt is lost with them", ("name", "location", "project")),
    "google_logging_project_bucket_config": Stateful("log entries", ("bucket_id", "location", "project")),
    "google_memorystore_instance": Stateful("the cache's content", ("instance_id", "location", "project", "mode", "kms_key", "authorization_mode", "transit_encryption_mode", "zone_distribution_config", "desired_auto_created_endpoints")),
    "google_project": Stateful("everything in the project; its id can never be used again", ("project_id",)),
    "google_pubsub_subscription": Stateful("messages not yet delivered", ("name", "topic", "project", "filter", "enable_message_ordering")),
    "google_pubsub_topic": Stateful("messages that are retained, and every subscription's source", ("name", "project")),
    "google_redis_instance": Stateful("the cache's content", ("name", "region", "project", "tier", "connect_mode", "transit_encryption_mode", "authorized_network", "customer_managed_key"), rising=("redis_version",)),
    "google_secret_manager_secret": Stateful("every version of the secret", ("secret_id", "project", "replication.user_managed.replicas.location")),
    "google_spanner_database": Stateful("tables", ("name", "instance", "project", "database_dialect", "encryption_config")),
    "google_spanner_instance": Stateful("databases", ("name", "config", "project")),
    "google_sql_database": Stateful("tables", ("name", "instance", "project")),
    "google_sql_database_instance": Stateful("all databases of the instance, and its backups", ("name", "region", "project", "encryption_key_name", "master_instance_name"), rising=("database_version",)),
    "google_storage_bucket": Stateful("objects", ("name", "location", "project", "enable_object_retention", "hierarchical_namespace", "custom_placement_config")),
}  # fmt: skip
"""Resource type -> what it holds."""

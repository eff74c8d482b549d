"""What people call the kinds of resources that stacks hold."""

from __future__ import annotations

from generator.docs.inline import Inline, join
from generator.docs.terraform_json import Stack, count

NOUNS: dict[str, tuple[str, str]] = {
    "google_artifact_registry_repository_iam_member": ("role on an image repository", "roles on image repositories"),
    "google_bigquery_dataset": ("BigQuery dataset", "BigQuery datasets"),
    "google_bigquery_table": ("BigQuery table", "BigQuery tables"),
    "google_certificate_manager_certificate": ("certificate", "certificates"),
    "google_certificate_manager_certificate_map": ("certificate map", "certificate maps"),
    "google_certificate_manager_certificate_map_entry": (
        "entry of the certificate map",
        "entries of the certificate map",
    ),
    "google_certificate_manager_dns_authorization": ("proof of the domain's ownership", "proofs of domains' ownership"),
    "google_cloud_run_v2_job": ("Cloud Run job", "Cloud Run jobs"),
    "google_cloud_run_v2_job_iam_member": ("permission to start the job", "permissions to start the job"),
    "google_cloud_run_v2_service": ("Cloud Run service", "Cloud Run services"),
    "google_cloud_run_v2_service_iam_member": ("permission to call the service", "permissions to call the service"),
    "google_cloud_run_v2_worker_pool": ("Cloud Run worker pool", "Cloud Run worker pools"),
    "google_cloud_scheduler_job": ("schedule", "schedules"),
    "google_cloud_tasks_queue": ("task queue", "task queues"),
    "google_cloud_tasks_queue_iam_member": ("role on a task queue", "roles on task queues"),
    "google_clouddeploy_automation": ("automatism of the pipeline", "automatisms of the pipeline"),
    "google_clouddeploy_delivery_pipeline": ("delivery pipeline", "delivery pipelines"),
    "google_clouddeploy_delivery_pipeline_iam_member": ("role on the pipeline", "roles on the pipeline"),
    "google_clouddeploy_target": ("target of the pipeline", "targets of the pipeline"),
    "google_compute_address": ("address of outgoing traffic", "addresses of outgoing traffic"),
    "google_compute_backend_service": ("load balancer backend", "load balancer backends"),
    "google_compute_global_address": ("reserved address", "reserved addresses"),
    "google_compute_global_forwarding_rule": ("forwarding rule", "forwarding rules"),
    "google_compute_network": ("private network", "private networks"),
    "google_compute_network_attachment": ("door for Datastream", "doors for Datastream"),
    "google_compute_region_network_endpoint_group": ("endpoint group of Cloud Run", "endpoint groups of Cloud Run"),
    "google_compute_router": ("router", "routers"),
    "google_compute_router_nat": ("network address translation", "network address translations"),
    "google_compute_security_policy": ("Cloud Armor policy", "Cloud Armor policies"),
    "google_compute_ssl_policy": ("TLS policy", "TLS policies"),
    "google_compute_subnetwork": ("subnetwork", "subnetworks"),
    "google_compute_target_http_proxy": ("HTTP proxy", "HTTP proxies"),
    "google_compute_target_https_proxy": ("HTTPS proxy", "HTTPS proxies"),
    "google_compute_url_map": ("URL map", "URL maps"),
    "google_datastream_connection_profile": ("end of a stream", "ends of streams"),
    "google_datastream_private_connection": ("private connection of Datastream", "private connections of Datastream"),
    "google_datastream_stream": ("stream", "streams"),
    "google_dns_record_set": ("DNS record", "DNS records"),
    "google_iam_workload_identity_pool": ("pool of outside identities", "pools of outside identities"),
    "google_iam_workload_identity_pool_provider": ("provider of outside identities", "providers of outside identities"),
    "google_iap_web_backend_service_iam_member": (
        "permission to get through Identity-Aware Proxy",
        "permissions to get through Identity-Aware Proxy",
    ),
    "google_kms_crypto_key": ("encryption key", "encryption keys"),
    "google_kms_crypto_key_iam_member": ("role on an encryption key", "roles on encryption keys"),
    "google_kms_key_ring": ("key ring", "key rings"),
    "google_logging_metric": ("metric counted from logs", "metrics counted from logs"),
    "google_logging_project_bucket_config": ("log bucket", "log buckets"),
    "google_logging_project_exclusion": ("exclusion from the default logs", "exclusions from the default logs"),
    "google_logging_project_sink": ("route of log entries", "routes of log entries"),
    "google_memorystore_instance": ("Valkey instance", "Valkey instances"),
    "google_monitoring_alert_policy": ("alert", "alerts"),
    "google_monitoring_custom_service": ("service with objectives", "services with objectives"),
    "google_monitoring_dashboard": ("dashboard", "dashboards"),
    "google_monitoring_notification_channel": ("notification channel", "notification channels"),
    "google_monitoring_slo": ("objective", "objectives"),
    "google_monitoring_uptime_check_config": ("check from the Internet", "checks from the Internet"),
    "google_network_connectivity_service_connection_policy": (
        "policy that lets Memorystore into the network",
        "policies that let Memorystore into the network",
    ),
    "google_privileged_access_manager_entitlement": ("level of time-bound access", "levels of time-bound access"),
    "google_project": ("Google Cloud project", "Google Cloud projects"),
    "google_project_iam_audit_config": ("API whose use is recorded", "APIs whose use is recorded"),
    "google_project_iam_custom_role": ("custom role", "custom roles"),
    "google_project_iam_member": ("role on the project", "roles on the project"),
    "google_project_service": ("enabled API", "enabled APIs"),
    "google_pubsub_subscription": ("subscription", "subscriptions"),
    "google_pubsub_subscription_iam_member": ("role on a subscription", "roles on subscriptions"),
    "google_pubsub_topic": ("topic", "topics"),
    "google_pubsub_topic_iam_member": ("role on a topic", "roles on topics"),
    "google_resource_manager_lien": ("lien against the project's deletion", "liens against the project's deletion"),
    "google_secret_manager_secret": ("secret", "secrets"),
    "google_secret_manager_secret_iam_member": ("role on a single secret", "roles on single secrets"),
    "google_secret_manager_secret_version": (
        "secret value made by the platform",
        "secret values made by the platform",
    ),
    "google_service_account": ("service account", "service accounts"),
    "google_service_account_iam_member": ("role on a service account", "roles on service accounts"),
    "google_service_networking_connection": ("peering with Google's services", "peerings with Google's services"),
    "google_sql_database": ("database", "databases"),
    "google_sql_database_instance": ("Cloud SQL instance", "Cloud SQL instances"),
    "google_sql_user": ("database user", "database users"),
    "google_storage_bucket": ("bucket", "buckets"),
    "google_storage_bucket_iam_member": ("role on a bucket", "roles on buckets"),
    "google_tags_tag_binding": ("tagged service account", "tagged service accounts"),
    "google_tags_tag_key": ("tag key", "tag keys"),
    "google_tags_tag_value": ("tag value", "tag values"),
    "postgresql_default_privileges": ("rule for tables made later", "rules for tables and sequences made later"),
    "postgresql_extension": ("extension of a database", "extensions of databases"),
    "postgresql_grant": ("grant on a database or schema", "grants on databases and schemas"),
    "postgresql_grant_role": ("role membership", "role memberships"),
    "postgresql_publication": ("publication", "publications"),
    "postgresql_replication_slot": ("replication slot", "replication slots"),
    "postgresql_role": ("database role", "database roles"),
}
"""Terraform type -> one, several. Every kind that the engine's seam imports is here."""

# What a reader looks for in a stack comes first; the rest follows in the table's order.
MAIN = (
    "google_project",
    "google_service_account",
    "google_secret_manager_secret",
    "google_kms_crypto_key",
    "google_compute_network",
    "google_sql_database_instance",
    "google_sql_database",
    "google_memorystore_instance",
    "google_storage_bucket",
    "google_pubsub_topic",
    "google_pubsub_subscription",
    "google_cloud_tasks_queue",
    "google_bigquery_dataset",
    "google_bigquery_table",
    "postgresql_role",
    "google_cloud_run_v2_service",
    "google_cloud_run_v2_job",
    "google_cloud_run_v2_worker_pool",
    "google_cloud_scheduler_job",
    "google_clouddeploy_delivery_pipeline",
    "google_clouddeploy_target",
    "google_dns_record_set",
    "google_monitoring_alert_policy",
    "google_certificate_manager_certificate",
)


def describe(stack: Stack) -> Inline:
    """`1 private network, 2 subnetworks`: what the stack holds, in words."""
    counted = count(stack)
    order = [kind for kind in MAIN if kind in counted] + sorted(counted.keys() - set(MAIN))
    if not counted:
        return Inline("nothing yet")
    return join(f"{counted[kind]} {_noun(kind, counted[kind])}" for kind in order)


def _noun(kind: str, number: int) -> str:
    """Hand-written Terraform isn't counted, so a kind without a noun is one that the table lacks: its type must do."""
    one, several = NOUNS.get(kind, (kind, kind))
    return one if number == 1 else several

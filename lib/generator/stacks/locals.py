"""The locals that hand-written Terraform beside a service may use: one table, also printed in the guide."""

from __future__ import annotations

EVERY_STACK = {
    "project_id": "Google Cloud project of this environment",
    "region": "region of this environment",
    "service_id": "the service's id",
    "environment_id": "the environment's id",
    "tier": "test, internal or external",
}

BY_STACK: dict[str, dict[str, str]] = {
    "project": {"project_number": "number of the Google Cloud project"},
    "keys": {"keys": "full names of the environment's own keys, by product"},
    "iam": {"workload_email": "e-mail address of the service account that the service runs as"},
    "access": {},
    "network": {
        "egress_address": "address by which traffic leaves for the Internet (with egress static)",
        "network_id": "id of the private network",
        "subnetwork_id": "id of the subnetwork that the service's containers are in",
    },
    "data": {
        "database_instance_name": "name of the Cloud SQL instance (with resources.postgres)",
        "buckets": "names of the buckets, by what the spec calls them (with resources.buckets)",
        "redis_instance_id": "id of the Valkey instance (with resources.redis)",
        "bigquery_dataset_id": "id of the BigQuery dataset (with resources.bigquery)",
    },
    "grants": {
        "database_owner_role": "role that owns every table",
        "database_reader_role": "role that may read every table",
        "database_writer_role": "role that may read and write every table",
    },
    "messaging": {},
    "run": {
        "workload_email": "e-mail address of the service account that the service runs as",
        "run_name": "name of the Cloud Run service, job or worker pool",
    },
    "publications": {},
    "analytics": {"datastream_private_connection_id": "id of Datastream's way into the network"},
    "edge": {
        "dns_name": "DNS name of the environment",
        "backend_service_id": "id of the load balancer's backend service",
        "url_map_id": "id of the load balancer's URL map",
    },
    "monitoring": {
        "channels_page": "notification channels of alerts that can't wait",
        "channels_warn": "notification channels of alerts that can",
    },
    "delivery": {
        "pipeline_name": "name of the Cloud Deploy pipeline",
        "releaser_email": "e-mail address of the service account that makes releases",
    },
}


def describe_local(stack: str, name: str) -> str:
    """What a local means.

    Raises KeyError for a local that is not in the table: an undocumented local is a mistake in the stack.
    """
    return {**EVERY_STACK, **BY_STACK[stack]}[name]


def documented_locals(stack: str) -> dict[str, str]:
    """All locals of a stack with their meaning."""
    return {**EVERY_STACK, **BY_STACK[stack]}

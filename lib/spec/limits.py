"""What Google Cloud allows: the outside rules, each with its source, and the arithmetic on them.

Bounds of a single value stand beside it in the model; here is what several rules, or the generator, need.
"""

from __future__ import annotations

from .model.instances import MAX_MEMORY_GIBIBYTES

REGIONS: tuple[str, ...] = (
    "africa-south1",
    "asia-east1",
    "asia-east2",
    "asia-northeast1",
    "asia-northeast2",
    "asia-northeast3",
    "asia-south1",
    "asia-south2",
    "asia-southeast1",
    "asia-southeast2",
    "asia-southeast3",
    "australia-southeast1",
    "australia-southeast2",
    "europe-central2",
    "europe-north1",
    "europe-north2",
    "europe-southwest1",
    "europe-west1",
    "europe-west10",
    "europe-west12",
    "europe-west2",
    "europe-west3",
    "europe-west4",
    "europe-west6",
    "europe-west8",
    "europe-west9",
    "me-central1",
    "me-central2",
    "me-west1",
    "northamerica-northeast1",
    "northamerica-northeast2",
    "northamerica-south1",
    "southamerica-east1",
    "southamerica-west1",
    "us-central1",
    "us-east1",
    "us-east4",
    "us-east5",
    "us-south1",
    "us-west1",
    "us-west2",
    "us-west3",
    "us-west4",
)
"""Regions of Cloud Run: https://cloud.google.com/run/docs/locations"""

PROJECT_DISPLAY_NAME_LENGTHS = (4, 30)
"""Characters: https://cloud.google.com/resource-manager/reference/rest/v3/projects#Project"""

RESTRICTED_PROJECT_WORDS = ("google", "null", "undefined", "ssl")
"""Words no project id may contain: https://cloud.google.com/resource-manager/docs/creating-managing-projects"""

LABEL_VALUE_LENGTH = 63
"""Characters: https://cloud.google.com/resource-manager/docs/labels-overview#requirements"""

MIN_TERRAFORM_VERSION = (1, 11, 0)
"""Write-only arguments: https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only"""

MIN_MEMORY_MEBIBYTES = 512
MAX_MEMORY_MEBIBYTES = MAX_MEMORY_GIBIBYTES * 1024
"""https://cloud.google.com/run/docs/configuring/services/memory-limits"""

MAX_INSTANCE_CPU = 8
"""CPUs of all containers of an instance together: https://cloud.google.com/run/docs/configuring/services/cpu"""

_MEMORY_BY_CPU = {
    1: (512, 4 * 1024),
    2: (512, 8 * 1024),
    4: (2 * 1024, 16 * 1024),
    6: (4 * 1024, 24 * 1024),
    8: (4 * 1024, 32 * 1024),
}
"""CPUs → least and most memory in MiB: https://cloud.google.com/run/docs/configuring/services/cpu#cpu-memory"""

MAX_ENV_VARIABLES = 1000
ENV_VALUE_BYTES = 32 * 1024
"""Number, and size of each: https://cloud.google.com/run/quotas"""

FORBIDDEN_MOUNT_TREES = ("/dev", "/proc", "/sys", "/usr")
"""Nothing is mounted in or below these: the first three Cloud Run refuses
(https://cloud.google.com/run/docs/configuring/services/secrets#disallowed_paths_and_limitations), and a mount in /usr
hides the image's own programs."""

FORBIDDEN_MOUNT_DIRECTORIES = (
    "/bin",
    "/boot",
    "/etc",
    "/etc/ssl",
    "/etc/ssl/certs",
    "/home",
    "/lib",
    "/lib64",
    "/opt",
    "/root",
    "/run",
    "/sbin",
    "/tmp",
    "/var",
)
"""Nothing is mounted right in these, but in directories below them: a mount hides what the image has in the directory,
which in these is something that programs need (https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html)."""

CERTIFICATE_DOMAIN_LENGTH = 64
"""Characters of a certificate's common name: https://www.rfc-editor.org/rfc/rfc5280#appendix-A (ub-common-name-length)"""

RESERVED_DATABASES = ("postgres", "template0", "template1", "cloudsqladmin")
"""Databases that a Cloud SQL instance has from the start: https://cloud.google.com/sql/docs/postgres/create-manage-databases"""

RESERVED_CONNECTIONS = 20
"""Connections kept free: for Cloud SQL itself, for people, and for a migration beside the running service."""

MAX_POOL_SIZE = 20
"""Connections of one instance: more than a container of a few CPUs can keep busy."""

_MAX_CONNECTIONS_BY_MEMORY = (
    (120, 1000),
    (60, 800),
    (30, 600),
    (15, 500),
    (7.5, 400),
    (6, 200),
    (3.75, 100),
    (1.7, 50),
    (0, 25),
)
"""Memory in GB from which → connections: https://cloud.google.com/sql/docs/postgres/flags#postgres-m"""

VALKEY_NODES = (
    ("SHARED_CORE_NANO", 1.4),
    ("STANDARD_SMALL", 6.5),
    ("HIGHMEM_MEDIUM", 13.0),
    ("HIGHMEM_XLARGE", 58.0),
)
"""Node types with their memory in GB:
https://cloud.google.com/memorystore/docs/valkey/instance-node-specification"""


_OUTSIDE_MULTI_REGIONS = ("europe-west2", "europe-west6")
"""London and Zürich: the multi-region EU is in member states alone."""


def bigquery_multi_region(region: str) -> str | None:
    """BigQuery's multi-region around a region, None where there is none:
    https://cloud.google.com/bigquery/docs/locations#multi-regions"""
    if region.startswith("europe-") and region not in _OUTSIDE_MULTI_REGIONS:
        return "EU"
    return "US" if region.startswith("us-") else None


def memory_range(cpu: int) -> tuple[int, int]:
    """Least and most memory of a Cloud Run instance with so many CPUs, in MiB."""
    return _MEMORY_BY_CPU[cpu]


def postgres_memory_range(cpu: int) -> tuple[int, int]:
    """Least and most memory of a database with so many CPUs, in whole GB: 0.9 to 6.5 for each CPU, and at least 3.75.

    https://cloud.google.com/sql/docs/postgres/instance-settings
    """
    return max(4, -(-9 * cpu // 10)), 13 * cpu // 2


def postgres_tier(cpu: int, memory_gb: int) -> str:
    """Name of the machine type: https://cloud.google.com/sql/docs/postgres/create-instance#machine-types"""
    return f"db-custom-{cpu}-{memory_gb * 1024}"


def default_max_connections(memory_gb: float) -> int:
    """Connections that Cloud SQL allows when nothing is set."""
    return next(connections for memory, connections in _MAX_CONNECTIONS_BY_MEMORY if memory_gb >= memory)


def connection_budget(max_connections: int, max_instances: int) -> int:
    """Connections for each instance at full scale, before any bound: may be 0 or negative."""
    return (max_connections - RESERVED_CONNECTIONS) // max_instances


def pool_size(max_connections: int, max_instances: int) -> int:
    """Connections that one instance may hold (PGPOOLSIZE): its share at full scale, from 1 to 20."""
    return max(1, min(MAX_POOL_SIZE, connection_budget(max_connections, max_instances)))


def valkey_node_type(memory_gb: float, *, shared_core: bool) -> str:
    """The smallest node with so much memory. ValueError above the largest.

    shared_core  whether the smallest type, which has no service level agreement, will do: in tier test alone
    """
    for name, memory in VALKEY_NODES:
        if memory >= memory_gb and (shared_core or name != "SHARED_CORE_NANO"):
            return name
    raise ValueError(f"no node has {memory_gb} GB")

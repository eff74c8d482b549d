"""What the platform and a service's container have agreed on.

Shared by the generator (which sets these variables), the runtime library (which reads them), the images and the guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

CONTAINER_PORT = 8080
"""The port that Cloud Run tells the container to listen on, through PORT."""

HEALTH_PATH = "/-/healthz"
"""Health with detail for people; needs `Authorization: Bearer $DIAGNOSTICS_SECRET`."""

READY_PATH = "/-/readyz"
"""Whether the instance can take traffic: asked while it starts."""

LIVE_PATH = "/-/livez"
"""Whether the instance's process still works: asked while it runs; never looks at databases."""

VERSION_PATH = "/-/version"
"""The version that runs; open."""

RESERVED_SECRET_PREFIX = "msp-"
"""Secrets in an environment's project whose id begins so are the platform's own."""

When = Literal["always", "service", "job", "domain", "iap", "postgres", "redis", "bigquery", "buckets", "topics", "subscriptions", "queues", "called", "schedule", "collector", "authorization", "guides"]


@dataclass(frozen=True)
class Variable:
    """An environment variable that the platform sets.

    kind   `plain`: a literal value; `secret`: a reference to Secret Manager; `injected`: set by Cloud Run itself
    when   what the environment must have for the variable to be set
    """

    name: str
    meaning: str
    kind: Literal["plain", "secret", "injected"]
    when: When


CONTRACT: tuple[Variable, ...] = (
    Variable("PORT", "The port to listen on.", "injected", "service"),
    Variable("MSP", "`true` wherever the platform runs the container.", "plain", "always"),
    Variable("SERVICE_ID", "The service's id.", "plain", "always"),
    Variable("ENVIRONMENT_ID", "The environment's id.", "plain", "always"),
    Variable("TIER", "The environment's tier: test, internal or external.", "plain", "always"),
    Variable("GOOGLE_CLOUD_PROJECT", "The environment's Google project.", "plain", "always"),
    Variable("GOOGLE_CLOUD_REGION", "The region that the container runs in.", "plain", "always"),
    Variable("EXTERNAL_DNS_NAME", "The service's name on the Internet, without scheme.", "plain", "domain"),
    Variable(
        "IAP_AUDIENCE_PREFIX",
        "What the audience in IAP's signed header `X-Goog-IAP-JWT-Assertion` starts with: the load balancer of this"
        " environment's project.",
        "plain",
        "iap",
    ),
    Variable("OPERATIONS_GUIDE", "Where people read the service's operations guide.", "plain", "guides"),
    Variable("DIAGNOSTICS_SECRET", "The bearer token of the diagnostic pages.", "secret", "always"),
    Variable("PGINSTANCE", "Cloud SQL connection name, project:region:instance.", "plain", "postgres"),
    Variable("PGHOST", "Private address of the database.", "plain", "postgres"),
    Variable("PGUSER", "Database user of the service's own identity.", "plain", "postgres"),
    Variable("PGROLE", "Role to take on after connecting; it owns the tables.", "plain", "postgres"),
    Variable("PGPOOLSIZE", "Connections that one instance may hold, over all databases.", "plain", "postgres"),
    Variable("PGDATABASES", "The declared databases, separated by commas.", "plain", "postgres"),
    Variable("REDIS_ENDPOINT", "URL of the cache, rediss://<private address>:<port>; IAM sign-in.", "plain", "redis"),
    Variable("REDIS_CA_CERTIFICATE", "The certificate authorities of the cache, as PEM text.", "plain", "redis"),
    Variable("BIGQUERY_PROJECT_ID", "The project of the dataset that the service writes into.", "plain", "bigquery"),
    Variable("BIGQUERY_DATASET_ID", "That dataset.", "plain", "bigquery"),
    Variable("BIGQUERY_TABLES", "The declared tables of it, separated by commas.", "plain", "bigquery"),
    Variable("BUCKETS", "The declared buckets, `name=bucket`, separated by commas.", "plain", "buckets"),
    Variable("TOPICS", "The declared topics, `name=full name`, separated by commas.", "plain", "topics"),
    Variable("SUBSCRIPTIONS", "The declared subscriptions, likewise.", "plain", "subscriptions"),
    Variable("QUEUES", "The declared queues of Cloud Tasks, likewise.", "plain", "queues"),
    Variable("OPENFGA_API_URL", "The organisation's OpenFGA server, which answers who may do what.", "plain", "authorization"),
    Variable("OPENFGA_AUDIENCE", "What the server expects tokens of the service's identity to be for.", "plain", "authorization"),
    Variable("OPENFGA_STORE_NAME", "The store on that server that is this environment's own.", "plain", "authorization"),
    Variable("SERVICE_URL", "Where tasks and pushed messages go, and what their tokens are for.", "plain", "called"),
    Variable("INVOKER_EMAIL", "As whom Pub/Sub and Cloud Tasks call the service.", "plain", "called"),
    Variable("OTEL_EXPORTER_OTLP_ENDPOINT", "Where traces and metrics go.", "plain", "collector"),
    Variable("OTEL_EXPORTER_OTLP_PROTOCOL", "How: OTLP over HTTP, which every language speaks.", "plain", "collector"),
    Variable("OTEL_LOGS_EXPORTER", "`none`: logs are what the container prints.", "plain", "collector"),
    Variable("OTEL_SERVICE_NAME", "What the service is called in traces and metrics.", "plain", "collector"),
    Variable("JOB_SCHEDULE", "The schedule's five fields, with the time zone's name in front.", "plain", "schedule"),
    Variable("JOB_DEADLINE_SECONDS", "How long one attempt may take.", "plain", "job"),
)
"""Every variable the platform sets, in the order in which the guide shows them."""

REMEDIES: Mapping[str, str] = {
    "postgres": "alert-database-down",
    "redis": "cache-of-{environment}",
    "bigquery": "dataset-of-{environment}",
    "events": "dataset-of-{environment}",
}
"""What an instance may find out of order -> where the operations guide says what to do: an anchor in it."""

OTHER_REMEDY = "logs-and-traces-of-{environment}"
"""For what is only the service's own."""

RESERVED_ENV_NAMES: frozenset[str] = frozenset(variable.name for variable in CONTRACT)
"""Names a service may not set itself because the platform does."""

RESERVED_ENV_PREFIXES: tuple[str, ...] = ("K_", "CLOUD_RUN_", "X_GOOGLE_")
"""Cloud Run's own: https://cloud.google.com/run/docs/container-contract#env-vars and
https://cloud.google.com/run/docs/configuring/services/environment-variables#reserved"""


def is_reserved_env_name(name: str) -> bool:
    """Whether the platform or Cloud Run sets this variable."""
    return name in RESERVED_ENV_NAMES or is_cloud_run_env_name(name)


def is_cloud_run_env_name(name: str) -> bool:
    """Whether Cloud Run sets this variable, in every container of an instance."""
    return name == "PORT" or name.startswith(RESERVED_ENV_PREFIXES)

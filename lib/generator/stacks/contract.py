"""The container's environment: the platform's variables (spec.constants.CONTRACT) and those of the spec."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator import collector
from generator.context import Context
from generator.literal import literal
from generator.resources import database_roles
from generator.resources.container import SecretValue
from spec import limits
from spec.model import Postgres
from spec.model.secrets import SecretReference
from spec.workloads import JOB

TEMPLATE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True)
class References:
    """Values that other stacks know, as Terraform expressions; None where the spec asks for no such thing."""

    diagnostics_secret: str
    database_connection_name: str | None = None
    database_private_ip: str | None = None
    redis_endpoint: str | None = None
    redis_ca_certificates: str | SecretValue | None = None
    invoker_email: str | None = None
    service_url: str | None = None
    iap_audience_prefix: str | None = None


def variables(context: Context, references: References, region: str) -> dict[str, str | SecretValue]:
    """Every variable of a container in `region`. The spec's own can't collide with the platform's: the model forbids it."""
    return {
        **_user(context, region),
        **_every_environment(context, region),
        **_proxy(references),
        "DIAGNOSTICS_SECRET": SecretValue(references.diagnostics_secret),
        **_database(context, references),
        **_cache(references),
        **_buckets(context),
        **_messaging(context, references),
        **_bigquery(context),
        **_authorization(context),
        **_collector(context),
        **_job(context),
    }


def secret_value(context: Context, reference: SecretReference) -> SecretValue:
    project = reference.project or context.names.project_id
    return SecretValue(f"projects/{project}/secrets/{reference.secret}", reference.version)


def _user(context: Context, region: str) -> dict[str, str | SecretValue]:
    environment = context.environment
    plain = {name: literal(expand(text, context, region)) for name, text in environment.env.items()}
    secret = {
        name: secret_value(context, reference) for name, reference in environment.secret_env_references.items()
    }
    return {**plain, **secret}


def expand(text: str, context: Context, region: str) -> str:
    """Replace `{{ projectId }}` and the other templates that the spec model allows."""
    values = {
        "projectId": context.names.project_id,
        "environmentId": context.environment.id,
        "region": region,
        "dnsName": context.names.dns_name or "",
    }
    return TEMPLATE.sub(lambda match: values[match[1]], text)


def named_by_region(context: Context) -> list[str]:
    """The spec's variables whose value differs from region to region."""
    return [name for name, text in context.environment.env.items() if "region" in TEMPLATE.findall(text)]


def _every_environment(context: Context, region: str) -> dict[str, str | SecretValue]:
    values: dict[str, str | SecretValue] = {
        "MSP": "true",
        "SERVICE_ID": context.spec.service.id,
        "ENVIRONMENT_ID": context.environment.id,
        "TIER": context.environment.tier,
        "GOOGLE_CLOUD_PROJECT": context.names.project_id,
        "GOOGLE_CLOUD_REGION": region,
    }
    if context.names.dns_name is not None:
        values["EXTERNAL_DNS_NAME"] = context.names.dns_name
    if context.guide_address is not None:
        values["OPERATIONS_GUIDE"] = context.guide_address
    return values


def _proxy(references: References) -> dict[str, str | SecretValue]:
    prefix = references.iap_audience_prefix
    return {} if prefix is None else {"IAP_AUDIENCE_PREFIX": prefix}


def _database(context: Context, references: References) -> dict[str, str | SecretValue]:
    postgres = context.environment.resources.postgres
    if postgres is None or references.database_private_ip is None or references.database_connection_name is None:
        return {}
    return {
        "PGINSTANCE": references.database_connection_name,
        "PGHOST": references.database_private_ip,
        "PGUSER": context.names.workload_db_user,
        "PGROLE": database_roles.OWNER,
        "PGDATABASES": ",".join(postgres.databases),
        "PGPOOLSIZE": str(_pool_size(context, postgres)),
    }


def _pool_size(context: Context, postgres: Postgres) -> int:
    connections = postgres.max_connections or limits.default_max_connections(postgres.memory_gb)
    return limits.pool_size(connections, context.workload.most_instances(context.environment))


def _cache(references: References) -> dict[str, str | SecretValue]:
    if references.redis_endpoint is None or references.redis_ca_certificates is None:
        return {}
    return {
        "REDIS_ENDPOINT": references.redis_endpoint,
        "REDIS_CA_CERTIFICATE": references.redis_ca_certificates,
    }


def _buckets(context: Context) -> dict[str, str | SecretValue]:
    names = [bucket.name for bucket in context.environment.resources.buckets]
    return {"BUCKETS": ",".join(f"{name}={context.names.bucket(name)}" for name in names)} if names else {}


def _messaging(context: Context, references: References) -> dict[str, str | SecretValue]:
    names, resources = context.names, context.environment.resources
    full_names = {
        "TOPICS": {topic.name: names.topic(topic.name) for topic in resources.topics},
        "SUBSCRIPTIONS": {each.name: names.subscription(each.name) for each in resources.subscriptions},
        "QUEUES": {queue.name: names.queue(queue.name) for queue in resources.queues},
    }
    values: dict[str, str | SecretValue] = {
        variable: ",".join(f"{name}={full}" for name, full in by_name.items())
        for variable, by_name in full_names.items()
        if by_name
    }
    if references.invoker_email is not None and references.service_url is not None:
        values |= {"INVOKER_EMAIL": references.invoker_email, "SERVICE_URL": references.service_url}
    return values


def _bigquery(context: Context) -> dict[str, str | SecretValue]:
    project, dataset = context.names.bigquery_project, context.names.bigquery_dataset
    bigquery = context.environment.resources.bigquery
    if project is None or dataset is None or bigquery is None:
        return {}
    return {
        "BIGQUERY_PROJECT_ID": project,
        "BIGQUERY_DATASET_ID": dataset,
        "BIGQUERY_TABLES": ",".join(bigquery.tables),
    }


def _authorization(context: Context) -> dict[str, str | SecretValue]:
    server = context.authorization_server
    if server is None:
        return {}
    return {
        "OPENFGA_API_URL": server.api_url,
        "OPENFGA_AUDIENCE": server.audience or server.api_url,
        "OPENFGA_STORE_NAME": context.names.authorization_store,
    }


def _collector(context: Context) -> dict[str, str | SecretValue]:
    if context.collector is None:
        return {}
    return {**collector.variables(), "OTEL_SERVICE_NAME": context.spec.service.id}


def _job(context: Context) -> dict[str, str | SecretValue]:
    if context.workload is not JOB:
        return {}
    values: dict[str, str | SecretValue] = {
        "JOB_DEADLINE_SECONDS": str(context.environment.deadline_seconds)
    }
    if context.environment.schedule is not None:
        schedule = context.environment.schedule
        values["JOB_SCHEDULE"] = f"{schedule.timezone} {schedule.cron}"
    return values

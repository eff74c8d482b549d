"""Stack `data`: everything that keeps state. Nothing else is in it, so that a plan of it is read with care."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.context import Context
from generator.engine import core, random
from generator.resources import bigquery, bucket, cloud_sql, secret, valkey
from generator.stacks import keys
from generator.stacks.keys import Keys
from generator.stacks.scope import Export, StackScope
from spec import limits
from spec.constants import RESERVED_SECRET_PREFIX
from spec.model import Analytics, BigQuery, Bucket, Postgres, Redis

NAME = "data"
ADMIN_SECRET_ID = f"{RESERVED_SECRET_PREFIX}database-admin"
REDIS_CA_SECRET_ID = f"{RESERVED_SECRET_PREFIX}redis-ca"


@dataclass(frozen=True)
class Variables:
    network_id: Export | None
    workload_email: Export
    keys: Keys


@dataclass(frozen=True)
class Database:
    connection_name: Export
    private_ip: Export
    admin_secret: Export
    stream_secrets: Mapping[str, Export]
    """Publication -> secret with the password of the user that streams it."""


@dataclass(frozen=True)
class Cache:
    endpoint: Export
    ca_certificates: Export
    """The certificates themselves, or the secret that holds them."""
    certificates_are_secret: bool


@dataclass(frozen=True)
class Outputs:
    database: Database | None
    cache: Cache | None


def build(app: core.App, context: Context, variables: Variables) -> Outputs:
    stack = StackScope(app, context, NAME)
    resources = context.environment.resources
    database = cache = None
    if variables.network_id is not None and context.has_private_data:
        network_id = stack.read(variables.network_id)
        database = _database(stack, variables, resources.postgres, network_id) if resources.postgres else None
        cache = _cache(stack, variables, resources.redis, network_id) if resources.redis else None
    if resources.buckets:
        _buckets(stack, variables, resources.buckets)
    if resources.bigquery is not None:
        _dataset(stack, variables, resources.bigquery)
    if context.analytics is not None:
        _copies(stack, variables, context.analytics)
    return Outputs(database=database, cache=cache)


def _database(stack: StackScope, variables: Variables, postgres: Postgres, network_id: str) -> Database:
    context = stack.context
    random.provider.RandomProvider(stack.tf, "random")
    password = stack.ephemeral("random_password", "database_admin", {"length": 48, "special": False})
    admin_secret = secret.new(
        stack.tf,
        "secret-database-admin",
        secret.Config(
            project_id=context.names.project_id,
            secret_id=ADMIN_SECRET_ID,
            region=context.region,
            # Only the identity that applies Terraform: it manages roles inside the database (stack `grants`).
            readers={"runner": f"serviceAccount:{context.platform.terraform.runner}"},
            ephemeral_value=password.attribute("result"),
            lifecycle=stack.lifecycle,
            kms_key=keys.of(stack, variables.keys, "secrets"),
        ),
    )
    instance = cloud_sql.new(
        stack.tf,
        "postgres",
        cloud_sql.Config(
            project_id=context.names.project_id,
            name=context.names.database_instance,
            region=context.region,
            network_id=network_id,
            version=postgres.version,
            cpu=postgres.cpu,
            memory_gb=postgres.memory_gb,
            disk_gb=postgres.disk_gb,
            max_connections=postgres.max_connections,
            audit_logging=context.safety.postgres_audit_logging,
            logical_decoding=context.analytics is not None,
            databases=postgres.databases,
            high_availability=context.safety.postgres_high_availability,
            point_in_time_recovery=context.safety.postgres_point_in_time_recovery,
            backup_retention_days=context.safety.postgres_backup_retention_days,
            maintenance_day=postgres.maintenance.day,
            maintenance_hour=postgres.maintenance.hour,
            labels=context.names.labels,
            deletion_protection=context.safety.deletion_protection,
            lifecycle=stack.lifecycle,
            admin_password=password.attribute("result"),
            service_account_users=_accounts(context),
            group_users=context.owner_groups,
            kms_key=keys.of(stack, variables.keys, "database"),
        ),
    )
    stack.local("database_instance_name", instance.name)
    return Database(
        connection_name=stack.export("database_connection_name", instance.connection_name, "project:region:instance"),
        private_ip=stack.export("database_private_ip", instance.private_ip, "Address within the private network"),
        admin_secret=stack.export("database_admin_secret", admin_secret.id, "Secret with the administrator's password"),
        stream_secrets=_stream_secrets(stack, variables, context.analytics) if context.analytics else {},
    )


def _accounts(context: Context) -> dict[str, str]:
    """The service accounts that log in: the service, and the one that people take on to write."""
    operator = {"operator": context.names.operator_db_user} if context.has_operator else {}
    return {"workload": context.names.workload_db_user, **operator}


def _stream_secrets(stack: StackScope, variables: Variables, analytics: Analytics) -> dict[str, Export]:
    """Datastream knows no other way to log in than a password: one user and one password for each publication."""
    context, exports = stack.context, {}
    for publication in analytics.publications:
        password = stack.ephemeral("random_password", f"stream_{publication.name}", {"length": 48, "special": False})
        created = secret.new(
            stack.tf,
            f"secret-stream-{publication.name}",
            secret.Config(
                project_id=context.names.project_id,
                secret_id=context.names.stream_secret(publication.name),
                region=context.region,
                readers={"runner": f"serviceAccount:{context.platform.terraform.runner}"},
                ephemeral_value=password.attribute("result"),
                lifecycle=stack.lifecycle,
                kms_key=keys.of(stack, variables.keys, "secrets"),
            ),
        )
        exports[publication.name] = stack.export(
            f"stream_secret_{publication.name}", created.id, f"Secret that streams publication {publication.name}"
        )
    return exports


def _dataset(stack: StackScope, variables: Variables, wanted: BigQuery) -> None:
    context, names = stack.context, stack.context.names
    analysts = context.platform.analysts
    created = bigquery.new(
        stack.tf,
        "bigquery",
        bigquery.Config(
            project_id=names.bigquery_project or names.project_id,
            dataset_id=names.bigquery_dataset or "",
            location=names.bigquery_location(wanted.location),
            description=f"Written by {context.spec.service.id} in {context.environment.id}",
            writers=[names.workload_email],
            reader_groups=[analysts.group] if wanted.analysts and analysts is not None else [],
            tables={table: context.tables.get(table) for table in wanted.tables},
            deletion_protection=context.safety.deletion_protection,
            lifecycle=stack.lifecycle,
            kms_key=keys.of(stack, variables.keys, "bigquery"),
        ),
    )
    stack.local("bigquery_dataset_id", created.dataset_id)


def _copies(stack: StackScope, variables: Variables, analytics: Analytics) -> None:
    """An empty dataset for each publication, which Datastream fills; only analysts read it, and nobody writes."""
    context, names = stack.context, stack.context.names
    analysts = context.platform.analysts
    for publication in analytics.publications:
        bigquery.new(
            stack.tf,
            f"copies-{publication.name}",
            bigquery.Config(
                project_id=names.project_id,
                dataset_id=names.analytics_dataset(publication.name),
                location=names.bigquery_location(analytics.location),
                description=f"Copies of tables of database {publication.database}, kept up to date by Datastream",
                reader_groups=[analysts.group] if analysts is not None else [],
                holds_others_tables=True,
                deletion_protection=context.safety.deletion_protection,
                lifecycle=stack.lifecycle,
                kms_key=keys.of(stack, variables.keys, "bigquery"),
            ),
        )


def _cache(stack: StackScope, variables: Variables, redis: Redis, network_id: str) -> Cache:
    context = stack.context
    instance = valkey.new(
        stack.tf,
        "redis",
        valkey.Config(
            project_id=context.names.project_id,
            name=context.names.redis_instance,
            region=context.region,
            network_id=network_id,
            node_type=limits.valkey_node_type(redis.memory_gb, shared_core=context.environment.tier == "test"),
            high_availability=context.safety.redis_high_availability,
            eviction_policy=redis.eviction_policy,
            deletion_protection=context.safety.deletion_protection,
            lifecycle=stack.lifecycle,
            kms_key=keys.of(stack, variables.keys, "cache"),
        ),
    )
    stack.local("redis_instance_id", instance.id)
    host = instance.host.removeprefix("${").removesuffix("}")
    by_secret = context.rollout is not None
    return Cache(
        endpoint=stack.export(
            "redis_endpoint", f'${{format("rediss://%s:{instance.port}", {host})}}', "URL of the primary endpoint"
        ),
        ca_certificates=stack.export(
            "redis_ca_certificates",
            _certificates_secret(stack, variables, instance.ca_certificates) if by_secret else instance.ca_certificates,
            "Secret with what its TLS is signed by" if by_secret else "What its TLS is signed by",
        ),
        certificates_are_secret=by_secret,
    )


def _certificates_secret(stack: StackScope, variables: Variables, certificates: str) -> str:
    """The manifest of a release can refer to a secret, and can't hold what only Terraform knows and spans lines.

    Nothing about the certificates is secret: they may be in the state, and are.
    """
    context = stack.context
    return secret.new(
        stack.tf,
        "secret-redis-ca",
        secret.Config(
            project_id=context.names.project_id,
            secret_id=REDIS_CA_SECRET_ID,
            region=context.region,
            readers={"workload": f"serviceAccount:{context.names.workload_email}"},
            public_value=certificates,
            lifecycle=stack.lifecycle,
            kms_key=keys.of(stack, variables.keys, "secrets"),
        ),
    ).id


def _buckets(stack: StackScope, variables: Variables, buckets: Sequence[Bucket]) -> None:
    context, workload_email = stack.context, stack.read(variables.workload_email)
    for declared in buckets:
        bucket.new(
            stack.tf,
            f"bucket-{declared.name}",
            bucket.Config(
                project_id=context.names.project_id,
                name=context.names.bucket(declared.name),
                region=context.region,
                delete_after_days=declared.delete_after_days,
                retention_days=declared.retention_days,
                recovery_days=context.safety.bucket_recovery_days,
                writers={"workload": f"serviceAccount:{workload_email}"},
                force_destroy=not context.safety.deletion_protection,
                lifecycle=stack.lifecycle,
                kms_key=keys.of(stack, variables.keys, "storage"),
            ),
        )
    stack.local("buckets", {declared.name: context.names.bucket(declared.name) for declared in buckets})

"""`<service>/description.json`: what the platform gives the service, for programs (spec.description).

It is made by the functions that make the container's Terraform, so that it can't say anything else.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.context import Context
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.literal import plain
from generator.operating import operating
from generator.resources.container import SecretValue
from generator.stacks import contract, references
from spec import constants
from spec.description import (
    BigQueryResource,
    Description,
    Environment,
    Origin,
    PostgresResource,
    Resources,
    SecretFile,
    SubscriptionResource,
    Variable,
    render,
)

# In no text that people write.
_UNKNOWN = "\ue002"


def describe(guide: ServiceGuide) -> bytes:
    """The file, from what the operations guide is made from."""
    service = guide.service
    description = Description(
        id=service.id,
        name=service.name or service.id,
        kind=service.kind,
        environments=tuple(_environment(environment) for environment in guide.environments),
    )
    return render(description, origin=guide.spec_path).encode()


def _environment(environment: EnvironmentGuide) -> Environment:
    context = environment.context
    volumes = context.environment.secret_volumes
    secrets = {volume.mount_path: contract.secret_value(context, volume.reference) for volume in volumes.values()}
    return Environment(
        id=context.environment.id,
        project=context.names.project_id,
        regions=context.regions,
        tier=context.environment.tier,
        domain=context.names.dns_name,
        variables=tuple(_variables(context)),
        secret_files=tuple(SecretFile(path, one.secret, one.version) for path, one in sorted(secrets.items())),
        resources=_resources(context),
        operating=operating(environment),
    )


def _variables(context: Context) -> Iterator[Variable]:
    """The contract's, in its order, then the spec's own by name."""
    known = references.by_name(context, _UNKNOWN.__add__)
    home, *others = (contract.variables(context, known, region) for region in context.regions)
    for agreed in constants.CONTRACT:
        if agreed.kind == "injected" and context.workload.answers:
            yield Variable(agreed.name, "injected", "platform", value=str(constants.CONTAINER_PORT))
    platforms = [agreed.name for agreed in constants.CONTRACT if agreed.name in home]
    for name in (*platforms, *sorted(home.keys() - constants.RESERVED_ENV_NAMES)):
        origin: Origin = "platform" if name in constants.RESERVED_ENV_NAMES else "spec"
        value = home[name]
        if isinstance(value, SecretValue):
            yield Variable(name, "secret", origin, secret=value.secret, version=value.version)
        elif value.startswith(_UNKNOWN):
            yield Variable(name, "plain", origin, terraform=value.removeprefix(_UNKNOWN))
        else:
            elsewhere = {
                region: plain(str(other[name])) for region, other in zip(context.regions[1:], others) if other[name] != value
            }
            yield Variable(name, "plain", origin, value=plain(value), regions=elsewhere)


def _resources(context: Context) -> Resources:
    names, declared = context.names, context.environment.resources
    postgres = bigquery = None
    if declared.postgres is not None:
        postgres = PostgresResource(declared.postgres.version, declared.postgres.databases)
    if declared.bigquery is not None and names.bigquery_project is not None and names.bigquery_dataset is not None:
        bigquery = BigQueryResource(names.bigquery_project, names.bigquery_dataset, declared.bigquery.tables)
    return Resources(
        postgres=postgres,
        redis=declared.redis is not None,
        bigquery=bigquery,
        buckets={one.name: names.bucket(one.name) for one in declared.buckets},
        topics={one.name: names.topic(one.name) for one in declared.topics},
        queues={one.name: names.queue(one.name) for one in declared.queues},
        subscriptions={
            one.name: SubscriptionResource(names.subscription(one.name), one.topic, one.push_path)
            for one in declared.subscriptions
        },
    )

"""Stack `run`: the container, as a Cloud Run service, job or worker pool, and everything that its environment tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from generator import collector
from generator.context import Context
from generator.engine import core
from generator.literal import literal
from generator.resources import cloud_run_job, cloud_run_service, cloud_run_worker_pool
from generator.resources import container as containers
from generator.resources.container import Container, SecretFile, SecretValue
from generator.resources.ids import of_region
from generator.stacks import contract, keys, proxy
from generator.stacks.data import Cache, Database
from generator.stacks.keys import Keys
from generator.stacks.network import Outputs as Network
from generator.stacks.scope import Export, StackScope
from generator.stacks.service_url import service_url
from spec.model import Sidecar
from spec.workloads import Kind

NAME = "run"


@dataclass(frozen=True)
class Variables:
    workload_email: Export
    scheduler_email: Export | None
    invoker_email: Export | None
    project_number: Export
    diagnostics_secret: Export
    network: Network | None
    database: Database | None
    cache: Cache | None
    keys: Keys


@dataclass(frozen=True)
class Outputs:
    names: Mapping[str, Export]
    """Of the Cloud Run service or job, by region."""


def build(app: core.App, context: Context, variables: Variables) -> Outputs:
    stack = StackScope(app, context, NAME)
    workload_email = stack.read(variables.workload_email)
    references, kms_key = _references(stack, variables), keys.of(stack, variables.keys, "run")
    names = {}
    for region in context.regions:
        subnetwork = _subnetwork(stack, variables.network, region)
        one = container(context, context.names.image, references, subnetwork, kms_key, region)
        names[region] = MAKERS[context.spec.service.kind](stack, one, workload_email, variables, region)
    stack.local("workload_email", workload_email)
    stack.local("run_name", names[context.region])
    return Outputs(names=stack.export_regions("run_name", names, "Name of the Cloud Run service, job or worker pool"))


def _subnetwork(stack: StackScope, network: Network | None, region: str) -> tuple[str, str] | None:
    return (stack.read(network.network_id), stack.read(network.subnetwork_ids[region])) if network else None


def container(
    context: Context,
    image: str,
    references: contract.References,
    subnetwork: tuple[str, str] | None,
    kms_key: str | None,
    region: str,
) -> Container:
    """The container of an environment in one region, for Terraform as well as for the manifest of a release
    (generator.release)."""
    return Container(
        image=image,
        cpu=context.environment.instances.cpu,
        memory=context.environment.instances.memory,
        environment=contract.variables(context, references, region),
        secret_files=[
            SecretFile(
                name=name,
                mount_path=volume.mount_path,
                value=contract.secret_value(context, volume.reference),
            )
            for name, volume in sorted(context.environment.secret_volumes.items())
        ],
        subnetwork=subnetwork,
        all_through_subnetwork=context.leaves_through_network,
        kms_key=kms_key,
    )


def _references(stack: StackScope, variables: Variables) -> contract.References:
    database, cache, invoker_email = variables.database, variables.cache, variables.invoker_email
    return contract.References(
        diagnostics_secret=stack.read(variables.diagnostics_secret),
        database_connection_name=stack.read(database.connection_name) if database else None,
        database_private_ip=stack.read(database.private_ip) if database else None,
        redis_endpoint=stack.read(cache.endpoint) if cache else None,
        redis_ca_certificates=_ca_certificates(stack, cache) if cache else None,
        invoker_email=stack.read(invoker_email) if invoker_email else None,
        service_url=service_url(stack, variables.project_number) if invoker_email else None,
        iap_audience_prefix=proxy.audience_prefix(stack, variables.project_number, stack.context),
    )


def _ca_certificates(stack: StackScope, cache: Cache) -> str | SecretValue:
    value = stack.read(cache.ca_certificates)
    return SecretValue(value) if cache.certificates_are_secret else value


def _service(
    stack: StackScope, container: Container, workload_email: str, variables: Variables, region: str
) -> str:
    platform_invokers = {}
    if variables.invoker_email is not None:
        platform_invokers["google"] = f"serviceAccount:{stack.read(variables.invoker_email)}"
    if stack.context.has_iap:
        platform_invokers["iap"] = proxy.agent(stack, variables.project_number)
    config = service_config(stack.context, container, workload_email, platform_invokers, region)
    return cloud_run_service.new(stack.tf, of_region("service", region, stack.context.region), config).name


def service_config(
    context: Context, container: Container, workload_email: str, platform_invokers: Mapping[str, str], region: str
) -> cloud_run_service.Config:
    """Everything about an environment's Cloud Run service in one region."""
    environment = context.environment
    instances = environment.instances
    authentication = environment.authentication
    return cloud_run_service.Config(
        project_id=context.names.project_id,
        name=context.names.service_name,
        region=region,
        container=container,
        sidecars=_sidecars(context),
        service_account=workload_email,
        protocol=context.spec.service.protocol,
        ingress=_ingress(context),
        public=authentication.type == "public",
        invokers=authentication.invokers,
        platform_invokers=platform_invokers,
        min_instances=context.safety.min_instances,
        max_instances=instances.scaling.max_count,
        max_request_concurrency=instances.scaling.max_request_concurrency,
        request_timeout_seconds=instances.request_timeout_seconds,
        cpu_always_allocated=instances.cpu_always_allocated,
        execution_environment=instances.execution_environment,
        probes=_probes(context),
        labels=context.names.labels,
        # A further region holds nothing: to leave it shall not need what lifts the protection of the data.
        deletion_protection=context.safety.deletion_protection and region == context.region,
        released=context.rollout is not None,
    )


def _sidecars(context: Context) -> list[containers.Sidecar]:
    platforms = [] if context.collector is None else [collector.sidecar(context.collector)]
    return [*platforms, *(_sidecar(sidecar) for sidecar in context.environment.sidecars)]


def _sidecar(sidecar: Sidecar) -> containers.Sidecar:
    return containers.Sidecar(
        name=sidecar.name,
        image=sidecar.image,
        cpu=sidecar.cpu,
        memory=sidecar.memory,
        arguments=[literal(argument) for argument in sidecar.arguments],
        environment={name: literal(value) for name, value in sidecar.env.items()},
        ready_port=sidecar.ready_port,
    )


def _ingress(context: Context) -> str:
    """With a domain only the load balancer is let in, so that its firewall can't be walked around."""
    if context.environment.domain is not None:
        return "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
    return "INGRESS_TRAFFIC_ALL" if context.environment.ingress == "all" else "INGRESS_TRAFFIC_INTERNAL_ONLY"


def _probes(context: Context) -> cloud_run_service.Probes | None:
    probes = context.environment.probes
    if not probes.enabled:
        return None
    return cloud_run_service.Probes(
        timeout=probes.timeout_seconds,
        startup_interval=probes.startup_interval_seconds,
        startup_failure_threshold=probes.startup_failure_threshold,
        liveness_interval=probes.liveness_interval_seconds,
    )


def _job(stack: StackScope, container: Container, workload_email: str, variables: Variables, region: str) -> str:
    environment = stack.context.environment
    schedule = None
    if environment.schedule is not None and variables.scheduler_email is not None:
        schedule = cloud_run_job.Schedule(
            cron=environment.schedule.cron,
            timezone=environment.schedule.timezone,
            service_account=stack.read(variables.scheduler_email),
        )
    return cloud_run_job.new(stack.tf, "job", job_config(stack.context, container, workload_email, schedule)).name


def job_config(
    context: Context, container: Container, workload_email: str, schedule: cloud_run_job.Schedule | None
) -> cloud_run_job.Config:
    """Everything about an environment's Cloud Run job."""
    return cloud_run_job.Config(
        project_id=context.names.project_id,
        name=context.names.service_name,
        region=context.region,
        container=container,
        service_account=workload_email,
        deadline_seconds=context.environment.deadline_seconds,
        max_retries=context.environment.max_retries,
        schedule=schedule,
        labels=context.names.labels,
        deletion_protection=context.safety.deletion_protection,
        released=context.rollout is not None,
    )


def _worker(stack: StackScope, container: Container, workload_email: str, variables: Variables, region: str) -> str:
    return cloud_run_worker_pool.new(stack.tf, "worker", worker_config(stack.context, container, workload_email)).name


def worker_config(context: Context, container: Container, workload_email: str) -> cloud_run_worker_pool.Config:
    """Everything about an environment's Cloud Run worker pool."""
    return cloud_run_worker_pool.Config(
        project_id=context.names.project_id,
        name=context.names.service_name,
        region=context.region,
        container=container,
        service_account=workload_email,
        instances=context.safety.worker_instances,
        labels=context.names.labels,
        deletion_protection=context.safety.deletion_protection,
        released=context.rollout is not None,
    )


MAKERS: Mapping[Kind, Callable[[StackScope, Container, str, Variables, str], str]] = {
    "service": _service,
    "job": _job,
    "worker": _worker,
}
"""How each kind of workload is made in a region; each gives its name. Jobs and workers are in the home alone."""

"""A Cloud Run service: a container behind HTTP, and those beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from constructs import Construct

from generator.engine import core, google
from generator.resources import container as containers
from generator.resources.container import Container, Sidecar
from generator.resources.ids import slug
from spec import constants

PREFIX = "CloudRunV2ServiceTemplate"

LIVENESS_FAILURES = 3
"""So many in a row, and an instance is replaced."""


@dataclass(frozen=True)
class Probes:
    """Times in seconds."""

    timeout: int
    startup_interval: int
    startup_failure_threshold: int
    liveness_interval: int


@dataclass(frozen=True)
class Config:
    project_id: str
    name: str
    region: str
    container: Container
    sidecars: Sequence[Sidecar]
    service_account: str
    protocol: str
    ingress: str
    public: bool
    invokers: Sequence[str]
    """IAM members that may call the service; nobody else can unless it is public."""
    platform_invokers: Mapping[str, str]
    """The platform's own, likewise: a stable name for the address -> IAM member."""
    min_instances: int
    max_instances: int
    max_request_concurrency: int
    request_timeout_seconds: int
    cpu_always_allocated: bool
    execution_environment: str
    probes: Probes | None
    labels: Mapping[str, str]
    deletion_protection: bool
    released: bool = False
    """Whether a delivery pipeline brings the revisions; Terraform then makes the first one alone."""

    @property
    def awaited(self) -> list[str]:
        """The sidecars that have to answer before the service's own container starts."""
        return [sidecar.name for sidecar in self.sidecars if sidecar.ready_port is not None]


LAST_WRITER = ("client", "client_version")
"""Which tool touched it last; following that would be a difference for ever."""

OWNED_BY_PIPELINE = (
    *LAST_WRITER,
    "build_config",
    'template[0].annotations["run.googleapis.com/operation-id"]',
    "template[0].containers",
    "template[0].labels",
    "template[0].revision",
    "traffic",
)
"""What a release writes, and nothing else: the list of Google's own modules (cloud-foundation-fabric, cloud-run-v2) and
`traffic`, which a canary divides. The provider sends the whole service whenever anything of it changes
(https://github.com/hashicorp/terraform-provider-google/issues/25464), so what is ignored here is sent as it was read:
docs/adr/0012-releases-own-the-image.md."""


@dataclass(frozen=True)
class Output:
    name: str
    uri: str


def new(scope: Construct, id: str, config: Config) -> Output:
    run = google.cloud_run_v2_service
    service = run.CloudRunV2Service(
        scope,
        id,
        project=config.project_id,
        name=config.name,
        location=config.region,
        ingress=config.ingress,
        # "Anyone may call it" without an IAM binding for allUsers, which organisations forbid for good reasons.
        # Source: https://cloud.google.com/run/docs/authenticating/public
        invoker_iam_disabled=config.public,
        deletion_protection=config.deletion_protection,
        template=run.CloudRunV2ServiceTemplate(
            service_account=config.service_account,
            timeout=f"{config.request_timeout_seconds}s",
            execution_environment=f"EXECUTION_ENVIRONMENT_{config.execution_environment.upper()}",
            encryption_key=config.container.kms_key,
            max_instance_request_concurrency=config.max_request_concurrency,
            labels=dict(config.labels),
            scaling=run.CloudRunV2ServiceTemplateScaling(
                min_instance_count=config.min_instances, max_instance_count=config.max_instances
            ),
            containers=[_container(config), *(_sidecar(config, sidecar) for sidecar in config.sidecars)],
            volumes=containers.volumes(run, PREFIX, config.container),
            vpc_access=containers.vpc_access(run, PREFIX, config.container),
        ),
        traffic=[run.CloudRunV2ServiceTraffic(type="TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent=100)],
        lifecycle=core.TerraformResourceLifecycle(
            ignore_changes=list(OWNED_BY_PIPELINE if config.released else LAST_WRITER)
        ),
    )
    for name, member in {**{slug(member): member for member in config.invokers}, **config.platform_invokers}.items():
        google.cloud_run_v2_service_iam_member.CloudRunV2ServiceIamMember(
            scope,
            f"{id}-invoker-{name}",
            project=config.project_id,
            location=config.region,
            name=service.name,
            role="roles/run.invoker",
            member=member,
        )
    return Output(name=service.name, uri=service.uri)


def _container(config: Config) -> google.cloud_run_v2_service.CloudRunV2ServiceTemplateContainers:
    run = google.cloud_run_v2_service
    prefix = f"{PREFIX}Containers"
    container = config.container
    return run.CloudRunV2ServiceTemplateContainers(
        # Among several, each has a name, and the one with a port is who answers requests.
        name=config.name if config.sidecars else None,
        depends_on=config.awaited or None,
        image=container.image,
        ports=run.CloudRunV2ServiceTemplateContainersPorts(
            name=config.protocol, container_port=constants.CONTAINER_PORT
        ),
        resources=_resources(config, container.cpu, container.memory),
        env=containers.environment(run, prefix, container.environment),
        volume_mounts=containers.volume_mounts(run, prefix, container),
        startup_probe=_startup_probe(config.probes),
        liveness_probe=_liveness_probe(config.probes),
    )


def _sidecar(config: Config, sidecar: Sidecar) -> google.cloud_run_v2_service.CloudRunV2ServiceTemplateContainers:
    run = google.cloud_run_v2_service
    prefix = f"{PREFIX}Containers"
    return run.CloudRunV2ServiceTemplateContainers(
        name=sidecar.name,
        image=sidecar.image,
        args=list(sidecar.arguments) or None,
        resources=_resources(config, sidecar.cpu, sidecar.memory),
        env=containers.environment(run, prefix, sidecar.environment) or None,
        startup_probe=_sidecar_probe(sidecar),
    )


def _sidecar_probe(sidecar: Sidecar) -> Any:
    if sidecar.ready_port is None:
        return None
    run = google.cloud_run_v2_service
    prefix = f"{PREFIX}ContainersStartupProbe"
    if sidecar.ready_path is None:
        asked = {"tcp_socket": getattr(run, f"{prefix}TcpSocket")(port=sidecar.ready_port)}
    else:
        asked = {"http_get": getattr(run, f"{prefix}HttpGet")(port=sidecar.ready_port, path=sidecar.ready_path)}
    return getattr(run, prefix)(
        **asked,
        timeout_seconds=containers.SIDECAR_PROBE_TIMEOUT,
        period_seconds=containers.SIDECAR_PROBE_INTERVAL,
        failure_threshold=containers.SIDECAR_PROBE_FAILURES,
    )


def _resources(
    config: Config, cpu: int, memory: str
) -> google.cloud_run_v2_service.CloudRunV2ServiceTemplateContainersResources:
    """When an instance has its CPUs is said of all of its containers alike."""
    return google.cloud_run_v2_service.CloudRunV2ServiceTemplateContainersResources(
        limits={"cpu": str(cpu), "memory": memory},
        cpu_idle=not config.cpu_always_allocated,
        startup_cpu_boost=True,
    )


def _startup_probe(probes: Probes | None) -> Any:
    if probes is None:
        return None
    run = google.cloud_run_v2_service
    return run.CloudRunV2ServiceTemplateContainersStartupProbe(
        http_get=run.CloudRunV2ServiceTemplateContainersStartupProbeHttpGet(path=constants.READY_PATH),
        timeout_seconds=probes.timeout,
        period_seconds=probes.startup_interval,
        failure_threshold=probes.startup_failure_threshold,
    )


def _liveness_probe(probes: Probes | None) -> Any:
    if probes is None:
        return None
    run = google.cloud_run_v2_service
    return run.CloudRunV2ServiceTemplateContainersLivenessProbe(
        http_get=run.CloudRunV2ServiceTemplateContainersLivenessProbeHttpGet(path=constants.LIVE_PATH),
        timeout_seconds=probes.timeout,
        period_seconds=probes.liveness_interval,
        failure_threshold=LIVENESS_FAILURES,
    )

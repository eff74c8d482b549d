"""A Cloud Run worker pool: containers that fetch their work, and that nothing calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google
from generator.resources import container as containers
from generator.resources.container import Container

PREFIX = "CloudRunV2WorkerPoolTemplate"


@dataclass(frozen=True)
class Config:
    project_id: str
    name: str
    region: str
    container: Container
    service_account: str
    instances: int
    """How many run; nothing scales a pool by itself."""
    labels: Mapping[str, str]
    deletion_protection: bool
    released: bool = False
    """Whether a delivery pipeline brings the revisions; Terraform then makes the first one alone."""


LAST_WRITER = ("client", "client_version")
"""Which tool touched it last; following that would be a difference for ever."""

OWNED_BY_PIPELINE = (
    *LAST_WRITER,
    "instance_splits",
    'template[0].annotations["run.googleapis.com/operation-id"]',
    "template[0].containers",
    "template[0].labels",
    "template[0].revision",
)
"""What a release writes, and nothing else; a canary divides the instances. See cloud_run_service.OWNED_BY_PIPELINE."""


@dataclass(frozen=True)
class Output:
    name: str


def new(scope: Construct, id: str, config: Config) -> Output:
    run = google.cloud_run_v2_worker_pool
    prefix = f"{PREFIX}Containers"
    pool = run.CloudRunV2WorkerPool(
        scope,
        id,
        project=config.project_id,
        name=config.name,
        location=config.region,
        deletion_protection=config.deletion_protection,
        scaling=run.CloudRunV2WorkerPoolScaling(manual_instance_count=config.instances),
        template=run.CloudRunV2WorkerPoolTemplate(
            service_account=config.service_account,
            encryption_key=config.container.kms_key,
            labels=dict(config.labels),
            containers=[
                run.CloudRunV2WorkerPoolTemplateContainers(
                    image=config.container.image,
                    resources=run.CloudRunV2WorkerPoolTemplateContainersResources(
                        limits={"cpu": str(config.container.cpu), "memory": config.container.memory}
                    ),
                    env=containers.environment(run, prefix, config.container.environment),
                    volume_mounts=containers.volume_mounts(run, prefix, config.container),
                )
            ],
            volumes=containers.volumes(run, PREFIX, config.container),
            vpc_access=containers.vpc_access(run, PREFIX, config.container),
        ),
        instance_splits=[
            run.CloudRunV2WorkerPoolInstanceSplits(type="INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST", percent=100)
        ],
        lifecycle=core.TerraformResourceLifecycle(
            ignore_changes=list(OWNED_BY_PIPELINE if config.released else LAST_WRITER)
        ),
    )
    return Output(name=pool.name)

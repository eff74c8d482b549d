"""A Cloud Run job and, where it has one, its schedule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google
from generator.resources import container as containers
from generator.resources.container import Container

PREFIX = "CloudRunV2JobTemplateTemplate"

START_DEADLINE = "180s"
"""How long Cloud Scheduler waits for "started", which Cloud Run answers at once; not how long the job may run."""


@dataclass(frozen=True)
class Schedule:
    cron: str
    timezone: str
    service_account: str
    """E-mail address of the identity that starts the job."""


@dataclass(frozen=True)
class Config:
    project_id: str
    name: str
    region: str
    container: Container
    service_account: str
    deadline_seconds: int
    max_retries: int
    schedule: Schedule | None
    labels: Mapping[str, str]
    deletion_protection: bool
    released: bool = False
    """Whether a delivery pipeline brings the images; Terraform then sets the first one alone."""


LAST_WRITER = ("client", "client_version")
"""Which tool touched it last; following that would be a difference for ever."""

OWNED_BY_PIPELINE = (
    *LAST_WRITER,
    'template[0].annotations["run.googleapis.com/operation-id"]',
    "template[0].labels",
    "template[0].template[0].containers",
)
"""What a release writes, and nothing else: see cloud_run_service.OWNED_BY_PIPELINE."""


@dataclass(frozen=True)
class Output:
    name: str


def new(scope: Construct, id: str, config: Config) -> Output:
    run = google.cloud_run_v2_job
    prefix = f"{PREFIX}Containers"
    job = run.CloudRunV2Job(
        scope,
        id,
        project=config.project_id,
        name=config.name,
        location=config.region,
        deletion_protection=config.deletion_protection,
        template=run.CloudRunV2JobTemplate(
            task_count=1,
            labels=dict(config.labels),
            template=run.CloudRunV2JobTemplateTemplate(
                service_account=config.service_account,
                timeout=f"{config.deadline_seconds}s",
                max_retries=config.max_retries,
                encryption_key=config.container.kms_key,
                execution_environment="EXECUTION_ENVIRONMENT_GEN2",
                containers=[
                    run.CloudRunV2JobTemplateTemplateContainers(
                        image=config.container.image,
                        resources=run.CloudRunV2JobTemplateTemplateContainersResources(
                            limits={"cpu": str(config.container.cpu), "memory": config.container.memory}
                        ),
                        env=containers.environment(run, prefix, config.container.environment),
                        volume_mounts=containers.volume_mounts(run, prefix, config.container),
                    )
                ],
                volumes=containers.volumes(run, PREFIX, config.container),
                vpc_access=containers.vpc_access(run, PREFIX, config.container),
            ),
        ),
        lifecycle=core.TerraformResourceLifecycle(
            ignore_changes=list(OWNED_BY_PIPELINE if config.released else LAST_WRITER)
        ),
    )
    if config.schedule is not None:
        _schedule(scope, id, config, config.schedule, job.name)
    return Output(name=job.name)


def _schedule(scope: Construct, id: str, config: Config, schedule: Schedule, job: str) -> None:
    google.cloud_run_v2_job_iam_member.CloudRunV2JobIamMember(
        scope,
        f"{id}-starter",
        project=config.project_id,
        location=config.region,
        name=job,
        role="roles/run.invoker",
        member=f"serviceAccount:{schedule.service_account}",
    )
    scheduler = google.cloud_scheduler_job
    scheduler.CloudSchedulerJob(
        scope,
        f"{id}-schedule",
        project=config.project_id,
        region=config.region,
        name=config.name,
        description=f"Starts the job {config.name}",
        schedule=schedule.cron,
        time_zone=schedule.timezone,
        attempt_deadline=START_DEADLINE,
        retry_config=scheduler.CloudSchedulerJobRetryConfig(retry_count=3),
        http_target=scheduler.CloudSchedulerJobHttpTarget(
            http_method="POST",
            uri=(
                f"https://run.googleapis.com/v2/projects/{config.project_id}"
                f"/locations/{config.region}/jobs/{config.name}:run"
            ),
            oauth_token=scheduler.CloudSchedulerJobHttpTargetOauthToken(service_account_email=schedule.service_account),
        ),
    )

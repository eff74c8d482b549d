"""A Cloud Tasks queue and who may put tasks into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google


@dataclass(frozen=True)
class Config:
    project_id: str
    name: str
    region: str
    max_dispatches_per_second: int
    max_concurrent_dispatches: int
    max_attempts: int
    min_backoff_seconds: int
    max_backoff_seconds: int
    enqueuers: Mapping[str, str]
    """A stable name for the address -> IAM member."""
    lifecycle: core.TerraformResourceLifecycle | None


def new(scope: Construct, id: str, config: Config) -> None:
    tasks = google.cloud_tasks_queue
    queue = tasks.CloudTasksQueue(
        scope,
        id,
        project=config.project_id,
        location=config.region,
        name=config.name,
        rate_limits=tasks.CloudTasksQueueRateLimits(
            max_dispatches_per_second=config.max_dispatches_per_second,
            max_concurrent_dispatches=config.max_concurrent_dispatches,
        ),
        retry_config=tasks.CloudTasksQueueRetryConfig(
            max_attempts=config.max_attempts,
            min_backoff=f"{config.min_backoff_seconds}s",
            max_backoff=f"{config.max_backoff_seconds}s",
        ),
        stackdriver_logging_config=tasks.CloudTasksQueueStackdriverLoggingConfig(sampling_ratio=1),
        lifecycle=config.lifecycle,
    )
    for name, member in config.enqueuers.items():
        google.cloud_tasks_queue_iam_member.CloudTasksQueueIamMember(
            scope,
            f"{id}-enqueuer-{name}",
            project=config.project_id,
            location=config.region,
            name=queue.name,
            role="roles/cloudtasks.enqueuer",
            member=member,
        )

"""Alerts on releases: those that wait for somebody, and those that failed. Where the pipeline is, and nowhere else."""

from __future__ import annotations

from .base import Alert, LogMetric, Subject, Threshold

PLATFORM_LOGS = "https://cloud.google.com/deploy/docs/platform-logs"


def _of_rollouts(name: str, event: str) -> LogMetric:
    """Counts what Cloud Deploy logs about rollouts of the pipeline, which bears the service's name."""
    return LogMetric(
        name,
        'log_id("clouddeploy.googleapis.com/rollout_update")'
        ' AND resource.type="clouddeploy.googleapis.com/DeliveryPipeline"'
        f' AND resource.labels.pipeline_id="$run" AND jsonPayload.rolloutUpdateType="{event}"',
    )


def _counted(metric: LogMetric) -> str:
    return (
        f"sum(increase(logging_googleapis_com:user_{metric.name}"
        '{monitored_resource="clouddeploy.googleapis.com/DeliveryPipeline"}[10m]))'
    )


WAITING, FAILURES = _of_rollouts("rollout_waits", "APPROVAL_REQUIRED"), _of_rollouts("rollout_failed", "FAILED")


def _holds_pipeline(subject: Subject) -> bool:
    rollout = subject.spec.rollout
    return rollout is not None and rollout.last_environment == subject.environment.id


_RELEASES = "gcloud deploy releases list --delivery-pipeline=$run --project=$project --region=$region --limit=5"

WAITS = Alert(
    id="rollout-waits",
    title="A rollout waits for approval",
    group="delivery",
    severity="warn",
    counts=WAITING,
    query=f"{_counted(WAITING)} > $threshold",
    seconds=0,
    threshold=Threshold("rollouts in 10 minutes", 0, least=0, most=100),
    source=PLATFORM_LOGS,
    meaning="A release has come to a stage that somebody has to let it into. Until then the old one runs there, and newer"
    " releases queue behind it.",
    first="What does the release bring? Then approve or reject it, as the guide says under “Releases”.",
    causes=(
        "somebody, or CI, promoted a release",
        "the pipeline promoted it by itself (`rollout.autoPromote`)",
        "a roll-back, which asks for approval as any rollout does",
    ),
    commands=(
        _RELEASES,
        "gcloud deploy targets list --project=$project --region=$region",
    ),
    applies=_holds_pipeline,
)

FAILED = Alert(
    id="rollout-failed",
    title="A rollout has failed",
    group="delivery",
    severity="warn",
    counts=FAILURES,
    chart=_counted(FAILURES),
    query=f"{_counted(FAILURES)} > $threshold",
    seconds=0,
    threshold=Threshold("rollouts in 10 minutes", 0, least=0, most=100),
    source=PLATFORM_LOGS,
    meaning="A release did not come to a stage: it could not be rendered, deployed or verified. Unless the pipeline rolls back"
    " by itself, the stage is left as the failure found it; with a canary, a part of the traffic may be on the new revision.",
    first="Read which step failed and why. Is the new revision in traffic? Then roll back before anything else.",
    causes=(
        "the new container does not start, or is not ready in time",
        "the verification found what it looks for",
        "the executor lacks a right, or the stage was never applied before the release",
    ),
    commands=(
        _RELEASES,
        'gcloud logging read "resource.type=\\"clouddeploy.googleapis.com/DeliveryPipeline\\" AND severity>=WARNING"'
        " --project=$project --freshness=2d --limit=20",
    ),
    applies=_holds_pipeline,
)

ALERTS = (WAITS, FAILED)

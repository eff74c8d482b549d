"""Who hears of releases: topics for programs, mail for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google
from spec.names import RELEASE_TOPICS

NOTICES = {
    "approval": ("APPROVAL_REQUIRED", "waits for approval", "WARNING"),
    "failure": ("FAILED", "failed", "ERROR"),
}
"""What people are told: id -> rolloutUpdateType of the platform log, words, severity."""


@dataclass(frozen=True)
class Config:
    project_id: str
    region: str
    pipeline: str
    title: str
    """How mails call the service."""
    addresses: Mapping[str, str]
    """Mail addresses by the owners' ids."""
    guide: str
    """Path of the operations guide in the repository."""
    labels: Mapping[str, str]
    lifecycle: core.TerraformResourceLifecycle | None
    """Of the topics: a subscription to one that is gone hears nothing, even of another of its name."""
    kms_key: str | None = None
    """Key of the environment's own that encrypts it; None for Google's."""


def new(scope: Construct, id: str, config: Config) -> None:
    for topic in RELEASE_TOPICS:
        google.pubsub_topic.PubsubTopic(
            scope,
            f"{id}-{topic}",
            project=config.project_id,
            name=topic,
            message_storage_policy=google.pubsub_topic.PubsubTopicMessageStoragePolicy(
                allowed_persistence_regions=[config.region]
            ),
            kms_key_name=config.kms_key,
            lifecycle=config.lifecycle,
        )
    channels = [
        google.monitoring_notification_channel.MonitoringNotificationChannel(
            scope,
            f"{id}-mail-{owner}",
            project=config.project_id,
            display_name=f"Releases: {owner}",
            type="email",
            labels={"email_address": address},
        ).name
        for owner, address in config.addresses.items()
    ]
    for notice, (event, words, severity) in NOTICES.items():
        _alert(scope, f"{id}-{notice}", config, event, words, severity, channels)


def _alert(
    scope: Construct, id: str, config: Config, event: str, words: str, severity: str, channels: list[str]
) -> None:
    kinds = google.monitoring_alert_policy
    kinds.MonitoringAlertPolicy(
        scope,
        id,
        project=config.project_id,
        display_name=f"{config.title}: a rollout {words}",
        combiner="OR",
        severity=severity,
        conditions=[
            kinds.MonitoringAlertPolicyConditions(
                display_name=f"a rollout {words}",
                condition_matched_log=kinds.MonitoringAlertPolicyConditionsConditionMatchedLog(
                    filter=log_filter(config.project_id, config.pipeline, event),
                    label_extractors={
                        "target": "EXTRACT(jsonPayload.targetId)",
                        "release": "EXTRACT(jsonPayload.release)",
                    },
                ),
            )
        ],
        alert_strategy=kinds.MonitoringAlertPolicyAlertStrategy(
            auto_close="86400s",
            notification_rate_limit=kinds.MonitoringAlertPolicyAlertStrategyNotificationRateLimit(period="300s"),
        ),
        documentation=kinds.MonitoringAlertPolicyDocumentation(
            mime_type="text/markdown",
            subject=f"{config.title}: a rollout {words}",
            content=f"A rollout of {config.title} {words}. What to do: {config.guide}, under “Releases”.",
        ),
        notification_channels=channels,
        user_labels=dict(config.labels),
    )


def log_filter(project_id: str, pipeline: str, event: str) -> str:
    """Cloud Deploy's platform log of rollouts: https://cloud.google.com/deploy/docs/platform-logs"""
    return "\n".join(
        (
            f'logName="projects/{project_id}/logs/clouddeploy.googleapis.com%2Frollout_update"',
            'resource.type="clouddeploy.googleapis.com/DeliveryPipeline"',
            f'resource.labels.pipeline_id="{pipeline}"',
            f'jsonPayload.rolloutUpdateType="{event}"',
        )
    )

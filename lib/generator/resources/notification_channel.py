"""A notification channel of Cloud Monitoring, of kinds without secret (docs/adr/0009-alerts-without-secrets.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from constructs import Construct

from generator.engine import google

TOPIC = re.compile(r"projects/([^/]+)/topics/([^/]+)")


@dataclass(frozen=True)
class Config:
    project_id: str
    project_number: str
    """Reference to the number of the environment's project."""
    display_name: str
    address: str
    """An e-mail address, spaces/<id>, projects/<project>/topics/<topic> or https://…"""
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Output:
    name: str
    """projects/<project>/notificationChannels/<number>"""


def new(scope: Construct, id: str, config: Config) -> Output:
    kind, labels = kind_of(config.address)
    channel = google.monitoring_notification_channel.MonitoringNotificationChannel(
        scope,
        id,
        project=config.project_id,
        display_name=config.display_name,
        type=kind,
        labels=labels,
        user_labels=dict(config.labels),
    )
    if topic := TOPIC.fullmatch(config.address):
        google.pubsub_topic_iam_member.PubsubTopicIamMember(
            scope,
            f"{id}-publisher",
            project=topic[1],
            topic=topic[2],
            role="roles/pubsub.publisher",
            # Google makes this identity with the project's first channel of this kind.
            # Source: https://cloud.google.com/monitoring/support/notification-options#pubsub
            member=(
                f"serviceAccount:service-{config.project_number}@gcp-sa-monitoring-notification.iam.gserviceaccount.com"
            ),
            depends_on=[channel],
        )
    return Output(name=channel.name)


def kind_of(address: str) -> tuple[str, dict[str, str]]:
    """The channel's type and labels. Source: https://cloud.google.com/monitoring/alerts/using-channels-api"""
    if address.startswith("https://"):
        return "webhook_tokenauth", {"url": address}
    if address.startswith("spaces/"):
        return "google_chat", {"space": address}
    if TOPIC.fullmatch(address):
        return "pubsub", {"topic": address}
    return "email", {"email_address": address}

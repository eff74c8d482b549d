"""Topics on which programs hear of releases. People hear of them by alerts (spec.alerts.delivery)."""

from __future__ import annotations

from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google
from spec.names import RELEASE_TOPICS


@dataclass(frozen=True)
class Config:
    project_id: str
    region: str
    kms_key: str | None
    lifecycle: core.TerraformResourceLifecycle | None
    """A subscription to a topic that is gone hears nothing, even of another of its name."""


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

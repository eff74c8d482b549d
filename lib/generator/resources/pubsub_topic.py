"""A Pub/Sub topic that keeps its messages in one region, and who may publish to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from constructs import Construct

from generator.engine import core, google

PUBLISH = "roles/pubsub.publisher"
SECONDS_OF_A_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Config:
    project_id: str
    name: str
    region: str
    retention_days: int | None = None
    publishers: Mapping[str, str] = field(default_factory=dict)
    """A stable name for the address -> IAM member."""
    lifecycle: core.TerraformResourceLifecycle | None = None
    kms_key: str | None = None
    """Key of the environment's own that encrypts it; None for Google's."""


@dataclass(frozen=True)
class Output:
    id: str


def new(scope: Construct, id: str, config: Config) -> Output:
    pubsub = google.pubsub_topic
    topic = pubsub.PubsubTopic(
        scope,
        id,
        project=config.project_id,
        name=config.name,
        message_retention_duration=None
        if config.retention_days is None
        else f"{config.retention_days * SECONDS_OF_A_DAY}s",
        message_storage_policy=pubsub.PubsubTopicMessageStoragePolicy(allowed_persistence_regions=[config.region]),
        kms_key_name=config.kms_key,
        lifecycle=config.lifecycle,
    )
    for name, member in config.publishers.items():
        google.pubsub_topic_iam_member.PubsubTopicIamMember(
            scope,
            f"{id}-publisher-{name}",
            project=config.project_id,
            topic=topic.name,
            role=PUBLISH,
            member=member,
        )
    return Output(id=topic.id)

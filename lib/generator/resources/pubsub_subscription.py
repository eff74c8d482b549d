"""A Pub/Sub subscription, pulled or pushed, with a dead-letter topic whose messages are kept for people to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from constructs import Construct

from generator.engine import core, google
from generator.resources import pubsub_topic
from generator.resources.pubsub_topic import SECONDS_OF_A_DAY

SUBSCRIBE = "roles/pubsub.subscriber"
DEAD_LETTER_DAYS = 31
"""The longest that Pub/Sub keeps a message: https://cloud.google.com/pubsub/docs/subscription-properties"""


@dataclass(frozen=True)
class Push:
    service_url: str
    path: str
    service_account: str
    """E-mail address of the identity that the service is called as."""


@dataclass(frozen=True)
class Config:
    project_id: str
    project_number: str
    name: str
    dead_letter_name: str
    region: str
    topic_id: str
    push: Push | None
    ack_deadline_seconds: int
    max_delivery_attempts: int
    retention_days: int
    subscribers: Mapping[str, str] = field(default_factory=dict)
    """Who may take messages: a stable name for the address -> IAM member."""
    lifecycle: core.TerraformResourceLifecycle | None = None
    kms_key: str | None = None
    """Key of the environment's own for what couldn't be delivered; what waits is encrypted with the topic's."""


def new(scope: Construct, id: str, config: Config) -> None:
    pubsub = google.pubsub_subscription
    # Pub/Sub's own agent moves a message: it puts it into one topic and takes it out of the subscription.
    agent = f"serviceAccount:service-{config.project_number}@gcp-sa-pubsub.iam.gserviceaccount.com"
    dead_letter = pubsub_topic.new(
        scope,
        f"{id}-dead-letter",
        pubsub_topic.Config(
            project_id=config.project_id,
            name=config.dead_letter_name,
            region=config.region,
            publishers={"agent": agent},
            lifecycle=config.lifecycle,
            kms_key=config.kms_key,
        ),
    )
    # A topic without subscription keeps nothing.
    pubsub.PubsubSubscription(
        scope,
        f"{id}-dead-letter-kept",
        project=config.project_id,
        name=config.dead_letter_name,
        topic=dead_letter.id,
        message_retention_duration=f"{DEAD_LETTER_DAYS * SECONDS_OF_A_DAY}s",
        expiration_policy=pubsub.PubsubSubscriptionExpirationPolicy(ttl=""),
        lifecycle=config.lifecycle,
    )
    subscription = pubsub.PubsubSubscription(
        scope,
        id,
        project=config.project_id,
        name=config.name,
        topic=config.topic_id,
        ack_deadline_seconds=config.ack_deadline_seconds,
        message_retention_duration=f"{config.retention_days * SECONDS_OF_A_DAY}s",
        # Otherwise a subscription that nobody reads for a month disappears.
        expiration_policy=pubsub.PubsubSubscriptionExpirationPolicy(ttl=""),
        retry_policy=pubsub.PubsubSubscriptionRetryPolicy(minimum_backoff="10s", maximum_backoff="600s"),
        dead_letter_policy=pubsub.PubsubSubscriptionDeadLetterPolicy(
            dead_letter_topic=dead_letter.id, max_delivery_attempts=config.max_delivery_attempts
        ),
        push_config=_push(config.push),
        lifecycle=config.lifecycle,
    )
    for name, member in {**config.subscribers, "agent": agent}.items():
        google.pubsub_subscription_iam_member.PubsubSubscriptionIamMember(
            scope,
            f"{id}-subscriber-{name}",
            project=config.project_id,
            subscription=subscription.name,
            role=SUBSCRIBE,
            member=member,
        )


def _push(push: Push | None) -> google.pubsub_subscription.PubsubSubscriptionPushConfig | None:
    if push is None:
        return None
    pubsub = google.pubsub_subscription
    return pubsub.PubsubSubscriptionPushConfig(
        push_endpoint=f"{push.service_url}{push.path}",
        oidc_token=pubsub.PubsubSubscriptionPushConfigOidcToken(
            service_account_email=push.service_account, audience=push.service_url
        ),
    )

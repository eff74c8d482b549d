"""`resources.topics[]`, `subscriptions[]` and `queues[]`: Pub/Sub and Cloud Tasks."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from .base import Expect, Section, key
from .bucket import ResourceName

TopicReference = Annotated[
    str,
    StringConstraints(
        pattern=r"^([a-z]([a-z0-9-]{0,18}[a-z0-9])?|projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,254})$"
    ),
    Expect("the name of one of this environment's topics, or projects/<project>/topics/<topic> for one of another project"),
]

PubsubName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]([a-z0-9-]*[a-z0-9])?$", min_length=3, max_length=20),
    Expect("3 to 20 lower-case letters, digits and dashes, starting with a letter and not ending with a dash"),
]
"""Pub/Sub wants three characters: https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names"""

PushPath = Annotated[
    str,
    StringConstraints(pattern=r"^/[A-Za-z0-9._~/-]*$", max_length=200),
    Expect("a path on the service, such as /events/orders, without query"),
]

_PUBSUB = "https://cloud.google.com/pubsub/docs/subscription-properties"
_TASKS = "https://cloud.google.com/tasks/docs/configuring-queues"


class Topic(Section):
    """A Pub/Sub topic that the service publishes to."""

    name: PubsubName = key("The topic's name, unique in the environment.", immutable=True, examples=("orders",))
    retention_days: int | None = key(
        "For how long published messages are kept, so that a subscription can go back to them.",
        default=None,
        default_text="no longer than a subscription needs them",
        ge=1,
        le=31,
        unit="days",
        source="https://cloud.google.com/pubsub/docs/topic-properties",
    )


class Subscription(Section):
    """A Pub/Sub subscription of the service's own. A message that can't be delivered ends in its dead-letter topic."""

    name: PubsubName = key(
        "The subscription's name, unique in the environment.", immutable=True, examples=("orders",)
    )
    topic: TopicReference = key(
        "What is subscribed to: a topic of this environment by its name, or another project's by its full name.",
        immutable=True,
        examples=("orders", "projects/shop-prod-4c1e/topics/orders"),
    )
    push_path: PushPath | None = key(
        "Where on the service Pub/Sub delivers messages, with an identity token; without it the service pulls them."
        " Services only.",
        default=None,
        default_text="none: the service pulls",
        examples=("/events/orders",),
        only="service",
        source="https://cloud.google.com/run/docs/triggering/pubsub-push",
    )
    ack_deadline_seconds: int = key(
        "How long the service may work on a message before it is delivered again.",
        default=60,
        ge=10,
        le=600,
        unit="seconds",
        source=_PUBSUB,
    )
    max_delivery_attempts: int = key(
        "After so many attempts a message goes to the dead-letter topic, where it is kept for 31 days.",
        default=10,
        ge=5,
        le=100,
        unit="attempts",
        source="https://cloud.google.com/pubsub/docs/handling-failures",
    )
    retention_days: int = key(
        "For how long undelivered messages are kept.", default=7, ge=1, le=31, unit="days", source=_PUBSUB
    )


class Queue(Section):
    """A Cloud Tasks queue, through which the service calls itself later, at a bounded rate, until it succeeds."""

    name: ResourceName = key(
        "The queue's name, unique in the environment. After a deletion it can't be used again for 3 days.",
        immutable=True,
        examples=("mail",),
        source="https://cloud.google.com/tasks/docs/deleting-appengine-queues-and-tasks",
    )
    max_dispatches_per_second: int = key(
        "Tasks that are started in a second.", default=10, ge=1, le=500, unit="tasks per second", source=_TASKS
    )
    max_concurrent_dispatches: int = key(
        "Tasks that run at the same time.", default=10, ge=1, le=5000, unit="tasks", source=_TASKS
    )
    max_attempts: int = key(
        "After so many failures a task is given up.", default=10, ge=1, le=100, unit="attempts", source=_TASKS
    )
    min_backoff_seconds: int = key(
        "The first wait before another attempt; it doubles from one to the next.",
        default=1,
        ge=1,
        le=3600,
        unit="seconds",
        source=_TASKS,
    )
    max_backoff_seconds: int = key(
        "The longest wait before another attempt.", default=600, ge=1, le=3600, unit="seconds", source=_TASKS
    )

"""Topics, subscriptions and queues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from ..check.partial import MISSING
from ..findings import Finding, listed
from ..model.messaging import Subscription, Topic
from .base import Place, known, repeated_names

FORBIDDEN_START = "goog"
"""No name of Pub/Sub may begin so: https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names"""


def names_are_unique(place: Place) -> Iterator[Finding]:
    """Each name once among the topics, the subscriptions, the queues; none that Pub/Sub refuses."""
    resources = place.environment.resources
    for kind, sections in (
        ("topics", resources.topics),
        ("subscriptions", resources.subscriptions),
        ("queues", resources.queues),
    ):
        yield from repeated_names(sections, place.keys("resources", kind))
    pubsub: dict[str, Sequence[Topic | Subscription]] = {
        "topics": resources.topics,
        "subscriptions": resources.subscriptions,
    }
    for kind, named in pubsub.items():
        for index, section in known(named):
            if section.name is not MISSING and section.name.startswith(FORBIDDEN_START):
                yield Finding(
                    place.keys("resources", kind, index, "name"),
                    "restricted-word",
                    f"a name that does not start with {FORBIDDEN_START}",
                    "choose another name",
                )


def topic_is_declared(place: Place) -> Iterator[Finding]:
    """What a subscription names is a topic of the environment, or one of another project by its full name."""
    resources, own = place.environment.resources, f"projects/{place.environment.project_id}/topics/"
    topics = [topic.name for _, topic in known(resources.topics)]
    for index, subscription in known(resources.subscriptions):
        topic = subscription.topic
        if topic is MISSING or topic in topics:
            continue
        keys = place.keys("resources", "subscriptions", index, "topic")
        if topic.startswith(own):
            name = topic.removeprefix(own)
            yield Finding(keys, "own-topic-by-full-name", "the topic's name alone", f"write {name}")
        elif "/" not in topic:
            nearest = get_close_matches(topic, [name for name in topics if name is not MISSING], n=1, cutoff=0.6)
            yield Finding(
                keys,
                "unknown-topic",
                f"a topic of resources.topics: {listed(topics)}" if topics else "a topic, but resources.topics has none",
                f"write {nearest[0]}" if nearest else f"add `- name: {topic}` under `resources.topics`",
            )


def first_wait_is_the_shortest(place: Place) -> Iterator[Finding]:
    """A queue's waits grow from the shortest to the longest."""
    for index, queue in known(place.environment.resources.queues):
        shortest, longest = queue.min_backoff_seconds, queue.max_backoff_seconds
        if shortest > longest:
            yield Finding(
                place.keys("resources", "queues", index, "minBackoffSeconds"),
                "min-above-max",
                f"at most {longest}, the queue's maxBackoffSeconds",
                f"write {longest}, or raise maxBackoffSeconds",
            )


ENVIRONMENT_RULES = (names_are_unique, topic_is_declared, first_wait_is_the_shortest)

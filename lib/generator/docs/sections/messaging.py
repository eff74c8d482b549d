"""Topics, subscriptions and queues: what they are called, and what to do with what could not be delivered."""

from __future__ import annotations

from generator.docs import links
from generator.docs.inline import Text, code, fmt, link
from generator.docs.markdown import Block, Blocks, heading, paragraph, shell, table
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.shell import gcloud
from spec.model import Subscription


def title(environment: EnvironmentGuide) -> str:
    return f"Messages and tasks of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = []
    for environment in guide.environments:
        if environment.context.has_messaging:
            found += [
                heading(3, title(environment), environment.id),
                *_topics(environment),
                *_subscriptions(environment),
                *_queues(environment),
                *_called(environment),
            ]
    return [heading(2, "Messages and tasks"), *found] if found else []


def _topics(environment: EnvironmentGuide) -> Blocks:
    project, topics = environment.project_id, environment.context.environment.resources.topics
    if not topics:
        return []
    return [
        paragraph(
            fmt(
                "Topics that the {} publishes to, by the names in {}; nobody else may:",
                environment.context.spec.service.kind,
                code("TOPICS"),
            )
        ),
        table(
            ("Topic", "Messages are kept"),
            [
                (
                    link(topic.name, links.topic(project, topic.name)),
                    "until delivered" if topic.retention_days is None else f"for {topic.retention_days} days",
                )
                for topic in topics
            ],
        ),
    ]


def _subscriptions(environment: EnvironmentGuide) -> Blocks:
    names, project = environment.context.names, environment.project_id
    subscriptions = environment.context.environment.resources.subscriptions
    if not subscriptions:
        return []
    first = subscriptions[0].name
    dead = names.dead_letter(first)
    return [
        paragraph(fmt("Subscriptions, by the names in {}:", code("SUBSCRIPTIONS"))),
        table(
            ("Subscription", "Topic", "Delivery", "Dead letters after"),
            [_subscription(environment, subscription) for subscription in subscriptions],
        ),
        paragraph(
            fmt(
                "What could not be delivered is kept for 31 days in a subscription of its own. To look at some of it,"
                " which stays there; and, once the cause is mended, to have everything since a moment delivered again that"
                " the topic still has:"
            )
        ),
        shell(
            gcloud("pubsub", "subscriptions", "pull", dead, project=project, limit=10),
            gcloud("pubsub", "subscriptions", "seek", first, project=project, time="2030-01-31T17:59:00Z"),
        ),
    ]


def _subscription(environment: EnvironmentGuide, subscription: Subscription) -> tuple[Text, ...]:
    name = subscription.name
    return (
        link(name, links.subscription(environment.project_id, name)),
        code(subscription.topic),
        "pulled by the service" if subscription.push_path is None else fmt("pushed to {}", code(subscription.push_path)),
        f"{subscription.max_delivery_attempts} attempts",
    )


def _queues(environment: EnvironmentGuide) -> Blocks:
    queues = environment.context.environment.resources.queues
    if not queues:
        return []
    where = {"project": environment.project_id, "location": environment.region}
    return [
        paragraph(fmt("Queues of Cloud Tasks, by the names in {}:", code("QUEUES"))),
        table(
            ("Queue", "Tasks per second", "At the same time", "Given up after"),
            [
                (
                    link(queue.name, links.queue(environment.project_id, environment.region, queue.name)),
                    str(queue.max_dispatches_per_second),
                    str(queue.max_concurrent_dispatches),
                    f"{queue.max_attempts} attempts",
                )
                for queue in queues
            ],
        ),
        paragraph("What waits; hold a queue; let it go on:"),
        shell(
            gcloud("tasks", "list", queue=queues[0].name, **where),
            gcloud("tasks", "queues", "pause", queues[0].name, **where),
            gcloud("tasks", "queues", "resume", queues[0].name, **where),
        ),
    ]


def _called(environment: EnvironmentGuide) -> Blocks:
    if not environment.context.is_called_by_google:
        return []
    check = "lets in nobody else without being told to"
    if environment.context.environment.authentication.type == "public":
        check = "lets in everybody here, so the service checks the token itself"
    return [
        paragraph(
            fmt(
                "Tasks and pushed messages come as {} ({}), with a token for {}. Cloud Run {}.",
                code(environment.context.names.invoker_email),
                code("INVOKER_EMAIL"),
                code("SERVICE_URL"),
                check,
            )
        )
    ]

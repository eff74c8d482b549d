"""Stack `messaging`: topics, subscriptions and queues, and who may put something in or take it out."""

from __future__ import annotations

from dataclasses import dataclass

from generator.context import Context
from generator.engine import core
from generator.resources import pubsub_subscription, pubsub_topic, task_queue
from generator.stacks import keys
from generator.stacks.keys import Keys
from generator.stacks.scope import Export, StackScope
from generator.stacks.service_url import service_url
from spec.model import Queue, Subscription, Topic

NAME = "messaging"


@dataclass(frozen=True)
class Variables:
    project_number: Export
    workload_email: Export
    invoker_email: Export | None
    keys: Keys


def build(app: core.App, context: Context, variables: Variables) -> None:
    stack = StackScope(app, context, NAME)
    resources = context.environment.resources
    workload = f"serviceAccount:{stack.read(variables.workload_email)}"
    topics = {topic.name: _topic(stack, variables, topic, workload) for topic in resources.topics}
    for subscription in resources.subscriptions:
        # Another project's topic is named in full, this environment's is referred to.
        topic_id = topics.get(subscription.topic, subscription.topic)
        _subscription(stack, variables, subscription, topic_id, workload)
    for queue in resources.queues:
        _queue(stack, queue, workload)


def _topic(stack: StackScope, variables: Variables, topic: Topic, workload: str) -> str:
    return pubsub_topic.new(
        stack.tf,
        f"topic-{topic.name}",
        pubsub_topic.Config(
            project_id=stack.context.names.project_id,
            name=topic.name,
            region=stack.context.region,
            retention_days=topic.retention_days,
            publishers={"workload": workload},
            lifecycle=stack.lifecycle,
            kms_key=keys.of(stack, variables.keys, "messages"),
        ),
    ).id


def _subscription(
    stack: StackScope, variables: Variables, subscription: Subscription, topic_id: str, workload: str
) -> None:
    context = stack.context
    push = None
    if subscription.push_path is not None and variables.invoker_email is not None:
        push = pubsub_subscription.Push(
            service_url=service_url(stack, variables.project_number),
            path=subscription.push_path,
            service_account=stack.read(variables.invoker_email),
        )
    pubsub_subscription.new(
        stack.tf,
        f"subscription-{subscription.name}",
        pubsub_subscription.Config(
            project_id=context.names.project_id,
            project_number=stack.read(variables.project_number),
            name=subscription.name,
            dead_letter_name=context.names.dead_letter(subscription.name),
            region=context.region,
            topic_id=topic_id,
            push=push,
            ack_deadline_seconds=subscription.ack_deadline_seconds,
            max_delivery_attempts=subscription.max_delivery_attempts,
            retention_days=subscription.retention_days,
            subscribers={} if push else {"workload": workload},
            lifecycle=stack.lifecycle,
            kms_key=keys.of(stack, variables.keys, "messages"),
        ),
    )


def _queue(stack: StackScope, queue: Queue, workload: str) -> None:
    task_queue.new(
        stack.tf,
        f"queue-{queue.name}",
        task_queue.Config(
            project_id=stack.context.names.project_id,
            name=queue.name,
            region=stack.context.region,
            max_dispatches_per_second=queue.max_dispatches_per_second,
            max_concurrent_dispatches=queue.max_concurrent_dispatches,
            max_attempts=queue.max_attempts,
            min_backoff_seconds=queue.min_backoff_seconds,
            max_backoff_seconds=queue.max_backoff_seconds,
            enqueuers={"workload": workload},
            lifecycle=stack.lifecycle,
        ),
    )

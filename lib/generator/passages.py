"""Who and what passes an environment's service perimeter, and why: one list, for stack `perimeter` and for the guide.

Everything that the platform itself has to do from outside or to the outside is here and nothing else; what a service
needs besides, its spec excepts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from generator.apis import required_apis
from generator.context import Context
from generator.declared import ARTIFACT_REGISTRY, declared_secrets
from spec.alerts.recipients import recipients
from spec.names import CI_POOL_ID, Names
from spec.perimeter import SUPPORTED

ALWAYS_SHUT = ("artifactregistry.googleapis.com", "bigquery.googleapis.com", "storage.googleapis.com")
"""Shut whether the environment uses them or not: the ways by which data are carried out most easily."""

EVERYTHING = ("*",)
ANYWHERE = ("*",)
FOREIGN = re.compile(r"projects/([a-z][a-z0-9-]{4,28}[a-z0-9])/")


@dataclass(frozen=True)
class Passage:
    """One way through the perimeter.

    title       what it is for, short and stable
    identities  IAM members, with `$number` for the number of the environment's project; none: anybody
    services    APIs
    projects    to which they go (`out`), or come from (`in`; none: from anywhere)
    people      whether they have to meet one of platform.yaml's access levels
    reason      why the spec wants it; empty for the platform's own
    """

    direction: Literal["in", "out"]
    title: str
    identities: tuple[str, ...]
    services: tuple[str, ...]
    projects: tuple[str, ...] = ()
    people: bool = False
    reason: str = ""


def shut(context: Context) -> list[str]:
    """The APIs that the perimeter shuts; sorted. With what exceptions name: networks inside reach no other."""
    excepted = {service for one in context.environment.perimeter.exceptions for service in one.services}
    return sorted({*ALWAYS_SHUT, *excepted, *(api for api in required_apis(context) if api in SUPPORTED)})


def left_open(context: Context) -> list[str]:
    """The APIs that the environment uses and no perimeter can shut; sorted."""
    return [api for api in required_apis(context) if api not in SUPPORTED]


def passages(context: Context) -> list[Passage]:
    """Every way in and out, in the guide's order."""
    found = [*_in(context), *_releases(context), *_out(context), *_excepted(context)]
    return [*(one for one in found if one.direction == "in"), *(one for one in found if one.direction == "out")]


def _runner(context: Context) -> str:
    return f"serviceAccount:{context.platform.terraform.runner}"


def _owners(context: Context) -> tuple[str, ...]:
    return tuple(f"group:{group}" for group in context.owner_groups.values())


def _in(context: Context) -> Iterator[Passage]:
    yield Passage("in", "Terraform", (_runner(context),), EVERYTHING)
    people = [*_owners(context), *context.environment.access.requesters]
    if context.platform.access.approvers is not None and context.time_bound_access:
        people.append(f"group:{context.platform.access.approvers}")
    everybody, everything = tuple(dict.fromkeys(people)), tuple(shut(context))
    yield Passage("in", "people, as far as their access goes", everybody, everything, people=True)
    analysts, bigquery = context.platform.analysts, context.environment.resources.bigquery
    if analysts is not None and (context.analytics or (bigquery is not None and bigquery.analysts)):
        services = ("bigquery.googleapis.com", "bigquerystorage.googleapis.com")
        yield Passage("in", "analysts", (f"group:{analysts.group}",), services, people=True)
    warehouse = context.names.bigquery_project
    if context.encrypts("bigquery") and warehouse is not None and warehouse != context.names.project_id:
        # BigQuery encrypts there as an agent of that project; the key knows it.
        yield Passage("in", "the key for rows elsewhere", (), ("cloudkms.googleapis.com",), (warehouse,))
    if context.is_reached_from_outside:
        # Who sends a request to a service has no identity here.
        # Source: https://cloud.google.com/run/docs/securing/using-vpc-service-controls
        yield Passage("in", "requests to the service", (), ("run.googleapis.com",))


def _releases(context: Context) -> Iterator[Passage]:
    """What Cloud Deploy does from the project of the last stage, and who starts it."""
    rollout = context.rollout
    if rollout is None:
        return
    pipeline = Names(context.spec, context.spec.environment(rollout.last_environment), context.platform)
    own = f"serviceAccount:{pipeline.executor_email(context.environment.id)}"
    if not context.holds_pipeline:
        yield Passage("in", "releases", (own,), ("run.googleapis.com",))
        return
    executors = [f"serviceAccount:{pipeline.executor_email(stage.environment)}" for stage in rollout.stages]
    makers = [f"serviceAccount:{pipeline.releaser_email}"]
    if rollout.acts_by_itself:
        makers.append(f"serviceAccount:{pipeline.promoter_email}")
    services = ("clouddeploy.googleapis.com", "logging.googleapis.com", "run.googleapis.com", "storage.googleapis.com")
    yield Passage("in", "releases", (*makers, *executors), services)
    ci = context.platform.ci
    if ci is not None:
        pool = f"principalSet://iam.googleapis.com/projects/$number/locations/global/workloadIdentityPools/{CI_POOL_ID}"
        identity = f"{pool}/attribute.repository_id/{ci.github.repository_id}"
        yield Passage("in", "CI, to become the releaser", (identity,), ("iamcredentials.googleapis.com",))
    if rollout.releasers:
        yield Passage("in", "those who may become the releaser", rollout.releasers, ("iamcredentials.googleapis.com",))


def _out(context: Context) -> Iterator[Passage]:
    workload, runner = f"serviceAccount:{context.names.workload_email}", _runner(context)
    agent = "serviceAccount:service-$number@serverless-robot-prod.iam.gserviceaccount.com"
    ours, others = _registries(context)
    if ours:
        deploys = [runner, *_owners(context)]
        if context.rollout is not None:
            pipeline = Names(context.spec, context.spec.environment(context.rollout.last_environment), context.platform)
            deploys.append(f"serviceAccount:{pipeline.executor_email(context.environment.id)}")
        yield Passage("out", "images", (agent, *deploys), ("artifactregistry.googleapis.com",), ours)
    if others:
        # Whose projects they are, and so their numbers, only they know. Both of these read images and write none.
        yield Passage("out", "public images", (agent, runner), ("artifactregistry.googleapis.com",), ANYWHERE)
    secrets = _projects(reference.project for reference in declared_secrets(context.environment))
    if secrets:
        yield Passage("out", "shared secrets", (workload,), ("secretmanager.googleapis.com",), secrets)
    topics = _projects(_project(one.topic) for one in context.environment.resources.subscriptions)
    if topics:
        yield Passage("out", "subscriptions to others' topics", (runner,), ("pubsub.googleapis.com",), topics)
    warehouse = context.names.bigquery_project
    if warehouse is not None and warehouse != context.names.project_id:
        services = ("bigquery.googleapis.com", "bigquerystorage.googleapis.com")
        yield Passage("out", "rows for BigQuery", (workload, runner), services, (warehouse,))
    alerts = _projects(_project(recipient.address) for recipient in recipients(context.names) if recipient.is_made)
    if alerts:
        agent = "serviceAccount:service-$number@gcp-sa-monitoring-notification.iam.gserviceaccount.com"
        yield Passage("out", "alerts", (agent,), ("pubsub.googleapis.com",), alerts)


def _registries(context: Context) -> tuple[tuple[str, ...], bool]:
    """The projects whose registries hold images of the organisation's; and whether there are images in others' too."""
    platform = ARTIFACT_REGISTRY.match(f"{context.platform.registry.repository}/")
    beside = [sidecar.image for sidecar in context.environment.sidecars]
    if context.collector is not None:
        beside.append(context.collector.image)
    held = {match["project"] for image in beside if (match := ARTIFACT_REGISTRY.match(image)) is not None}
    own = ARTIFACT_REGISTRY.match(context.names.image)
    known = {match["project"] for match in (own, platform) if match is not None}
    wanted = held | ({own["project"]} if own is not None else set())
    return tuple(sorted(wanted & known)), bool(wanted - known)


def _excepted(context: Context) -> Iterator[Passage]:
    for number, one in enumerate(context.environment.perimeter.exceptions, 1):
        machines = any(who.startswith("serviceAccount:") for who in one.identities)
        people = one.direction == "in" and not one.projects and not machines
        yield Passage(
            one.direction, f"exception {number}", one.identities, one.services, one.projects, people, one.reason
        )


def _project(name: str) -> str | None:
    """The project of a full name, None of a short one."""
    match = FOREIGN.match(name)
    return match[1] if match else None


def _projects(names: Iterator[str | None]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name is not None}))

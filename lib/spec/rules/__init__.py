"""Rules about several values at once, one module for each topic.

A rule is a plain function that yields findings. Rules about one environment are called for each; all are listed in the
registry below, and a new one is one more entry there. Rules see invalid specs too: whatever is missing or wrong ends
the rule that looks at it (see `spec.check.partial`), so a rule never has to ask whether a value is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..check.partial import Unknown
from ..findings import Finding
from ..model.images import ImageLock
from ..model.root import ServiceSpec
from ..platform import Platform
from . import (
    access,
    authorization,
    buckets,
    deploy,
    encryption,
    fleet,
    identity,
    images,
    instances,
    kinds,
    messaging,
    monitoring,
    perimeter,
    platform_facts,
    platform_file,
    policy,
    postgres,
    probes,
    projects,
    regions,
    rollout,
    safety,
    schedule,
    secrets,
    sidecars,
    secrets_in_env,
    variables,
    warehouse,
)
from .base import Place, known
from .fleet import Member

SERVICE_RULES: tuple[Callable[[ServiceSpec], Iterable[Finding]], ...] = (
    *identity.SERVICE_RULES,
    *projects.SERVICE_RULES,
    *kinds.SERVICE_RULES,
    *monitoring.SERVICE_RULES,
    *rollout.SERVICE_RULES,
)

ENVIRONMENT_RULES: tuple[Callable[[Place], Iterable[Finding]], ...] = (
    *identity.ENVIRONMENT_RULES,
    *projects.ENVIRONMENT_RULES,
    *kinds.ENVIRONMENT_RULES,
    *regions.ENVIRONMENT_RULES,
    *deploy.ENVIRONMENT_RULES,
    *rollout.ENVIRONMENT_RULES,
    *instances.ENVIRONMENT_RULES,
    *probes.ENVIRONMENT_RULES,
    *access.ENVIRONMENT_RULES,
    *variables.ENVIRONMENT_RULES,
    *secrets_in_env.ENVIRONMENT_RULES,
    *secrets.ENVIRONMENT_RULES,
    *sidecars.ENVIRONMENT_RULES,
    *schedule.ENVIRONMENT_RULES,
    *policy.ENVIRONMENT_RULES,
    *postgres.ENVIRONMENT_RULES,
    *monitoring.ENVIRONMENT_RULES,
    *buckets.ENVIRONMENT_RULES,
    *messaging.ENVIRONMENT_RULES,
    *warehouse.ENVIRONMENT_RULES,
    *encryption.ENVIRONMENT_RULES,
    *perimeter.ENVIRONMENT_RULES,
    *safety.ENVIRONMENT_RULES,
)

PLATFORM_RULES: tuple[Callable[[Place, Platform], Iterable[Finding]], ...] = (
    *platform_facts.ENVIRONMENT_RULES,
    *regions.PLATFORM_RULES,
    *monitoring.PLATFORM_RULES,
    *authorization.PLATFORM_RULES,
    *sidecars.PLATFORM_RULES,
    *warehouse.PLATFORM_RULES,
    *perimeter.PLATFORM_RULES,
)
"""About one environment and what it finds in platform.yaml."""


def service_findings(
    spec: ServiceSpec,
    is_whole: bool,
    *,
    platform: Platform | None,
    directory: str,
    lock: ImageLock | None = None,
    targets: str = "",
) -> Iterator[Finding]:
    """What is wrong with one spec. Without a valid platform, what depends on it is not checked.

    is_whole   whether nothing in the spec is MISSING
    directory  name of the directory that holds the spec
    lock       what its images.lock.yaml says; None where that shall not be looked at
    targets    the service's targets, as the build tool is asked for them
    """
    run = _run if is_whole else _run_on_parts
    yield from run(identity.id_is_directory, spec, directory)
    for rule in SERVICE_RULES:
        yield from run(rule, spec)
    places = list(_places(spec))
    for place in places:
        for environment_rule in ENVIRONMENT_RULES:
            yield from run(environment_rule, place)
    if platform is not None:
        yield from run(platform_facts.owners_exist, spec, platform)
        for place in places:
            for platform_rule in PLATFORM_RULES:
                yield from run(platform_rule, place, platform)
            for image_rule in images.IMAGE_RULES if lock is not None else ():
                yield from run(image_rule, place, platform, lock, targets)


def platform_findings(platform: Platform, is_whole: bool) -> Iterator[Finding]:
    """What is wrong with platform.yaml."""
    run = _run if is_whole else _run_on_parts
    for rule in platform_file.RULES:
        yield from run(rule, platform)


def fleet_findings(members: list[Member]) -> Iterator[tuple[Member, Finding]]:
    """What is wrong between specs: each finding with the later of the two."""
    for rule in fleet.RULES:
        yield from rule(members)


def _places(spec: ServiceSpec) -> Iterator[Place]:
    try:
        for index, environment in known(spec.environments):
            yield Place(spec, environment, index)
    except Unknown:
        return


def _run(rule: Callable[..., Iterable[Finding]], *arguments: object) -> Iterator[Finding]:
    yield from rule(*arguments)


def _run_on_parts(rule: Callable[..., Iterable[Finding]], *arguments: object) -> Iterator[Finding]:
    """As far as what is known goes. Functions written in C answer with TypeError when they are handed MISSING."""
    try:
        yield from rule(*arguments)
    except (Unknown, TypeError):
        return


__all__ = [
    "ENVIRONMENT_RULES",
    "PLATFORM_RULES",
    "SERVICE_RULES",
    "Member",
    "Place",
    "fleet_findings",
    "platform_findings",
    "service_findings",
]

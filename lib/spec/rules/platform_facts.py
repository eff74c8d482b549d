"""What a spec names must exist in platform.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from ..findings import Finding, listed
from ..model.root import ServiceSpec
from ..platform import Platform
from .base import Place, known, repetitions


def owners_exist(spec: ServiceSpec, platform: Platform) -> Iterator[Finding]:
    """Every owner is declared."""
    for index, owner in known(spec.service.owners):
        if owner not in platform.owners:
            yield Finding(
                ("service", "owners", index),
                "unknown-owner",
                f"an owner of platform.yaml: {_some(platform.owners)}",
                _instead(owner, platform.owners, "add it under `owners` in platform.yaml"),
            )


def region_is_allowed(place: Place, platform: Platform) -> Iterator[Finding]:
    """Each region is one of those allowed."""
    environment, allowed = place.environment, platform.regions.allowed
    home = [(place.keys("region"), environment.region)] if environment.region is not None else []
    further = [(place.keys("additionalRegions", index), region) for index, region in known(environment.additional_regions)]
    for keys, region in (*home, *further):
        if region not in allowed:
            yield Finding(
                keys,
                "region-not-allowed",
                f"a region that platform.yaml allows: {_some(allowed)}",
                _instead(region, allowed, "choose one of them, or add it under `regions.allowed` in platform.yaml"),
            )


def zone_exists(place: Place, platform: Platform) -> Iterator[Finding]:
    """The domain's zone is declared."""
    domain = place.environment.domain
    zones = [zone.zone for zone in platform.domains]
    if domain is not None and domain.zone not in zones:
        yield Finding(
            place.keys("domain", "zone"),
            "unknown-zone",
            f"a zone of platform.yaml: {_some(zones)}" if zones else "a zone of platform.yaml, which has none",
            _instead(domain.zone, zones, "add it under `domains` in platform.yaml"),
        )


def access_is_offered(place: Place, platform: Platform) -> Iterator[Finding]:
    """Terms of time-bound access mean nothing where the organisation has none."""
    if platform.access.time_bound == "none" and "access" in place.environment.model_fields_set:
        yield Finding(
            place.keys("access"),
            "without-effect",
            "no `access`: platform.yaml says `timeBound: none`",
            "delete it",
            "`access`",
            on_key=True,
        )


def requesters_are_no_owners(place: Place, platform: Platform) -> Iterator[Finding]:
    """Each requester once; the owners' groups may ask anyway."""
    yield from repetitions(place.environment.access.requesters, place.keys("access", "requesters"))
    groups = {f"group:{platform.owners[owner].group}" for owner in place.spec.service.owners if owner in platform.owners}
    for index, requester in known(place.environment.access.requesters):
        if requester in groups:
            yield Finding(
                place.keys("access", "requesters", index),
                "duplicate-value",
                "somebody who is no owner: owners may ask anyway",
                "delete it",
            )


def exception_has_owner(place: Place, platform: Platform) -> Iterator[Finding]:
    """Who answers for an exception is declared."""
    for index, exception in known(place.environment.policy_exceptions):
        if exception.owner not in platform.owners:
            yield Finding(
                place.keys("policyExceptions", index, "owner"),
                "unknown-owner",
                f"an owner of platform.yaml: {_some(platform.owners)}",
                _instead(exception.owner, platform.owners, "add it under `owners` in platform.yaml"),
            )


def _some(names: Iterable[str]) -> str:
    every = sorted(names)
    return listed(every) if len(every) <= 6 else f"{', '.join(every[:6])} …"


def _instead(name: str, names: Iterable[str], otherwise: str) -> str:
    nearest = get_close_matches(name, list(names), n=1, cutoff=0.6)
    return f"write {nearest[0]}" if nearest else otherwise


ENVIRONMENT_RULES = (
    region_is_allowed,
    zone_exists,
    access_is_offered,
    requesters_are_no_owners,
    exception_has_owner,
)

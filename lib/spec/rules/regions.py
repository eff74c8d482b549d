"""Several regions of one service."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Finding
from ..platform import Platform
from .base import Place, known, repetitions


def additional_regions_are_different(place: Place) -> Iterator[Finding]:
    """Each further region once."""
    yield from repetitions(place.environment.additional_regions, place.keys("additionalRegions"))


def home_is_not_repeated(place: Place, platform: Platform) -> Iterator[Finding]:
    """The home is one of the regions anyway, whether the spec names it or platform.yaml does."""
    home = place.environment.region or platform.regions.default
    for index, region in known(place.environment.additional_regions):
        if region == home:
            yield Finding(
                place.keys("additionalRegions", index),
                "duplicate-value",
                "regions beside the environment's own",
                "delete it: the service runs in its `region` anyway",
            )


def several_regions_need_domain(place: Place) -> Iterator[Finding]:
    """What spreads requests over regions is the load balancer, and that is the domain's:
    https://cloud.google.com/run/docs/multiple-regions"""
    environment = place.environment
    if place.workload.answers and environment.additional_regions and environment.domain is None:
        yield Finding(
            place.keys("additionalRegions"),
            "regions-need-domain",
            "a domain, whose load balancer spreads requests over the regions",
            "add `domain:` with `zone` and `subdomain` beside `authentication` of type public or iap, or delete the list",
            "several regions without a domain",
            on_key=True,
        )


def cache_is_in_one_region(place: Place) -> Iterator[Finding]:
    """The cache's endpoint answers its own region, and nothing documented opens the ones that Memorystore makes to others:
    https://cloud.google.com/memorystore/docs/valkey/networking (docs/adr/0027-several-regions.md)"""
    environment = place.environment
    if place.workload.answers and environment.additional_regions and environment.resources.redis is not None:
        yield Finding(
            place.keys("resources", "redis"),
            "cache-in-several-regions",
            "no cache in an environment with `additionalRegions`: it can be reached from its own region alone",
            "delete the cache, or delete `additionalRegions`",
            "a cache, and a service in several regions",
            on_key=True,
        )


def keys_are_in_one_region(place: Place) -> Iterator[Finding]:
    """A key encrypts what is in its own region: https://cloud.google.com/run/docs/securing/using-cmek"""
    environment = place.environment
    encryption = environment.encryption
    if not place.workload.answers or not environment.additional_regions or encryption is None:
        return
    if encryption.customer_managed_keys:
        yield Finding(
            place.keys("encryption", "customerManagedKeys"),
            "keys-in-several-regions",
            "Google's keys in an environment with `additionalRegions`: a key encrypts what is in its own region alone",
            "write false, or delete `additionalRegions`",
        )


ENVIRONMENT_RULES = (
    additional_regions_are_different,
    several_regions_need_domain,
    cache_is_in_one_region,
    keys_are_in_one_region,
)
PLATFORM_RULES = (home_is_not_repeated,)

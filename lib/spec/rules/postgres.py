"""PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Finding
from ..limits import (
    RESERVED_CONNECTIONS,
    RESERVED_DATABASES,
    connection_budget,
    default_max_connections,
    postgres_memory_range,
)
from ..tiers import resolve
from .base import Place, known, repetitions


def cpu_is_offered(place: Place) -> Iterator[Finding]:
    """One CPU, or an even number: https://cloud.google.com/sql/docs/postgres/instance-settings"""
    postgres = place.environment.resources.postgres
    if postgres is not None and postgres.cpu > 1 and postgres.cpu % 2:
        yield Finding(
            place.keys("resources", "postgres", "cpu"),
            "database-cpu",
            "1 or an even number",
            f"write {postgres.cpu + 1 if postgres.cpu < 96 else 96}",
        )


def memory_fits_cpu(place: Place) -> Iterator[Finding]:
    """0.9 to 6.5 GB for each CPU: https://cloud.google.com/sql/docs/postgres/instance-settings"""
    postgres = place.environment.resources.postgres
    if postgres is None:
        return
    least, most = postgres_memory_range(postgres.cpu)
    if not least <= postgres.memory_gb <= most:
        yield Finding(
            place.keys("resources", "postgres", "memoryGb"),
            "database-memory",
            f"from {least} to {most} with {postgres.cpu} CPU{'s' if postgres.cpu > 1 else ''}",
            f"write {least if postgres.memory_gb < least else most}, or change cpu",
            f"{postgres.memory_gb}",
        )


def databases_are_ours(place: Place) -> Iterator[Finding]:
    """Each database once, and none that Cloud SQL has already."""
    postgres = place.environment.resources.postgres
    if postgres is None:
        return
    keys = place.keys("resources", "postgres", "databases")
    yield from repetitions(postgres.databases, keys)
    for index, name in known(postgres.databases):
        if name in RESERVED_DATABASES:
            yield Finding(
                (*keys, index),
                "reserved-database",
                f"a name other than {', '.join(RESERVED_DATABASES)}",
                f"choose another, such as {place.spec.service.id.replace('-', '_')}",
            )


def standby_needs_recovery(place: Place) -> Iterator[Finding]:
    """Cloud SQL refuses a standby without point-in-time recovery:
    https://cloud.google.com/sql/docs/postgres/configure-ha"""
    if place.environment.resources.postgres is None:
        return
    safety = resolve(place.environment)
    if safety.postgres_high_availability and not safety.postgres_point_in_time_recovery:
        yield Finding(
            place.keys("resources", "postgres", "highAvailability"),
            "standby-without-recovery",
            "pointInTimeRecovery together with highAvailability",
            "add `pointInTimeRecovery: true` beside it",
            "highAvailability without pointInTimeRecovery",
        )


def pool_has_room(place: Place) -> Iterator[Finding]:
    """At full scale every instance can hold two connections, one to work with and one to spare."""
    postgres = place.environment.resources.postgres
    if postgres is None:
        return
    count, bounded_by = place.workload.most_instances(place.environment), place.workload.bounded_by
    connections = postgres.max_connections or default_max_connections(postgres.memory_gb)
    if connection_budget(connections, count) < 2:
        needed = 2 * count + RESERVED_CONNECTIONS
        fits = max(1, (connections - RESERVED_CONNECTIONS) // 2)
        given = postgres.max_connections is not None
        yield Finding(
            place.keys("resources", "postgres", "maxConnections") if given else place.keys(*bounded_by),
            "too-few-connections",
            f"at least 2 connections for each of {count} instance{'s' if count > 1 else ''},"
            f" and {RESERVED_CONNECTIONS} for the platform and for people: {needed} in all",
            f"set maxConnections to {needed} or more"
            + (f", or {'.'.join(bounded_by[1:])} to at most {fits}" if count > 1 else ""),
            f"{connections} connections" + ("" if given else f", Cloud SQL's own limit with {postgres.memory_gb} GB"),
        )


ENVIRONMENT_RULES = (
    cpu_is_offered,
    memory_fits_cpu,
    databases_are_ours,
    standby_needs_recovery,
    pool_has_room,
)

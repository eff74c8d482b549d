"""Containers beside the service's own: the spec's, and the platform's collector."""

from __future__ import annotations

from collections.abc import Iterator

from .. import collector
from ..check.partial import MISSING
from ..constants import CONTAINER_PORT, is_cloud_run_env_name
from ..findings import Finding
from ..limits import MAX_INSTANCE_CPU, MAX_MEMORY_MEBIBYTES, MIN_MEMORY_MEBIBYTES
from ..platform import Platform
from .base import Place, known, repeated_names


def names_are_free(place: Place) -> Iterator[Finding]:
    """Each name once, and none of them the service's own container's."""
    sidecars, own = place.environment.sidecars, place.spec.service.id
    yield from repeated_names(sidecars, place.keys("sidecars"))
    for index, sidecar in known(sidecars):
        if sidecar.name is not MISSING and sidecar.name == own:
            yield Finding(
                place.keys("sidecars", index, "name"),
                "duplicate-value",
                "a name other than the service's id, which its own container has",
                "choose another name",
            )


def ports_are_free(place: Place, platform: Platform) -> Iterator[Finding]:
    """The containers of an instance share their ports, and some of them are taken."""
    taken = {CONTAINER_PORT: "the service"}
    if collector.collector(place.spec, place.environment, platform) is not None:
        taken.update(dict.fromkeys(collector.PORTS, "the platform's collector"))
    for index, sidecar in known(place.environment.sidecars):
        port = sidecar.ready_port
        if port is None or port is MISSING:
            continue
        if port in taken:
            yield Finding(
                place.keys("sidecars", index, "readyPort"),
                "port-taken",
                f"a port that {taken[port]} does not listen on",
                "let the container listen on another port",
            )
        taken.setdefault(port, f"sidecar {index + 1}")


def variables_are_not_cloud_runs(place: Place) -> Iterator[Finding]:
    """Cloud Run's own variables can't be set here either."""
    for index, sidecar in known(place.environment.sidecars):
        if sidecar.env is MISSING:
            continue
        for name in sidecar.env:
            if is_cloud_run_env_name(name):
                yield Finding(
                    place.keys("sidecars", index, "env", name),
                    "reserved-variable",
                    "a name that Cloud Run does not set itself",
                    "choose another name",
                    f"the name `{name}`",
                    on_key=True,
                )


def sidecars_have_memory(place: Place) -> Iterator[Finding]:
    """As much as Cloud Run gives the smallest container, and no more than it gives the biggest."""
    for index, sidecar in known(place.environment.sidecars):
        if sidecar.memory is not MISSING and not MIN_MEMORY_MEBIBYTES <= sidecar.memory_mebibytes <= MAX_MEMORY_MEBIBYTES:
            yield Finding(
                place.keys("sidecars", index, "memory"), "out-of-range", "from 512Mi to 32Gi", "choose one of these"
            )


def collector_is_offered(place: Place, platform: Platform) -> Iterator[Finding]:
    """Only what platform.yaml has can be asked for."""
    if place.environment.telemetry.collector and platform.telemetry.collector is None and place.workload.answers:
        yield Finding(
            place.keys("telemetry", "collector"),
            "collector-not-offered",
            "a collector in platform.yaml, which has none",
            "delete it, or name the collector's image under `telemetry.collector` in platform.yaml",
        )


def instance_has_room(place: Place, platform: Platform) -> Iterator[Finding]:
    """An instance is as big as all its containers together: https://cloud.google.com/run/quotas"""
    instances, sidecars = place.environment.instances, place.environment.sidecars
    cpu = instances.cpu + sum(sidecar.cpu for sidecar in sidecars)
    memory = instances.memory_mebibytes + sum(sidecar.memory_mebibytes for sidecar in sidecars)
    keys, beside, fix = place.keys("sidecars"), "its sidecars", "take away {}"
    if collector.collector(place.spec, place.environment, platform) is not None:
        cpu, memory = cpu + collector.CPU, memory + collector.MEMORY_MEBIBYTES
        beside = "its sidecars and the platform's collector" if sidecars else "the platform's collector"
        fix = "take away {}, or write `telemetry: {{collector: false}}`"
    if not sidecars:
        keys = place.keys("instances")
    if cpu > max(MAX_INSTANCE_CPU, instances.cpu):
        yield Finding(
            keys,
            "instance-too-big",
            f"at most {MAX_INSTANCE_CPU} CPUs in an instance",
            fix.format(cpu - MAX_INSTANCE_CPU),
            f"{cpu} CPUs, the service's {instances.cpu} and those of {beside}",
            on_key=True,
        )
    if memory > max(MAX_MEMORY_MEBIBYTES, instances.memory_mebibytes):
        yield Finding(
            keys,
            "instance-too-big",
            f"at most {MAX_MEMORY_MEBIBYTES // 1024}Gi in an instance",
            fix.format(f"{memory - MAX_MEMORY_MEBIBYTES}Mi"),
            f"{memory}Mi, the service's {instances.memory} and that of {beside}",
            on_key=True,
        )


ENVIRONMENT_RULES = (names_are_free, variables_are_not_cloud_runs, sidecars_have_memory)
PLATFORM_RULES = (collector_is_offered, ports_are_free, instance_has_room)

"""Containers beside the service's own."""

from __future__ import annotations

from collections.abc import Iterator

from ..check.partial import MISSING
from ..constants import CONTAINER_PORT, is_cloud_run_env_name
from ..findings import Finding
from ..limits import MAX_INSTANCE_CPU, MAX_MEMORY_MEBIBYTES, MIN_MEMORY_MEBIBYTES
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


def ports_are_free(place: Place) -> Iterator[Finding]:
    """The containers of an instance share their ports, and one of them is the service's."""
    taken = {CONTAINER_PORT: "the service"}
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


def instance_has_room(place: Place) -> Iterator[Finding]:
    """An instance is as big as all its containers together: https://cloud.google.com/run/quotas"""
    instances, sidecars = place.environment.instances, place.environment.sidecars
    for index, sidecar in known(sidecars):
        if sidecar.memory is not MISSING and not MIN_MEMORY_MEBIBYTES <= sidecar.memory_mebibytes <= MAX_MEMORY_MEBIBYTES:
            yield Finding(
                place.keys("sidecars", index, "memory"), "out-of-range", "from 512Mi to 32Gi", "choose one of these"
            )
    if not sidecars:
        return
    cpu = instances.cpu + sum(sidecar.cpu for sidecar in sidecars)
    memory = instances.memory_mebibytes + sum(sidecar.memory_mebibytes for sidecar in sidecars)
    if cpu > MAX_INSTANCE_CPU:
        yield Finding(
            place.keys("sidecars"),
            "instance-too-big",
            f"at most {MAX_INSTANCE_CPU} CPUs in an instance",
            f"take away {cpu - MAX_INSTANCE_CPU}, of the service or of its sidecars",
            f"{cpu} CPUs together with the service's {instances.cpu}",
            on_key=True,
        )
    if memory > MAX_MEMORY_MEBIBYTES:
        yield Finding(
            place.keys("sidecars"),
            "instance-too-big",
            f"at most {MAX_MEMORY_MEBIBYTES // 1024}Gi in an instance",
            f"take away {memory - MAX_MEMORY_MEBIBYTES}Mi, of the service or of its sidecars",
            f"{memory}Mi together with the service's {instances.memory}",
            on_key=True,
        )


ENVIRONMENT_RULES = (names_are_free, ports_are_free, variables_are_not_cloud_runs, instance_has_room)

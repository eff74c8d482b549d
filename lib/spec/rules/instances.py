"""How big a container is and how many there may be."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Finding
from ..limits import MAX_MEMORY_MEBIBYTES, MIN_MEMORY_MEBIBYTES, memory_range
from ..tiers import resolve
from .base import Place


def memory_is_offered(place: Place) -> Iterator[Finding]:
    """Cloud Run offers the memory, and offers it with this many CPUs."""
    instances = place.environment.instances
    memory = instances.memory_mebibytes
    if not MIN_MEMORY_MEBIBYTES <= memory <= MAX_MEMORY_MEBIBYTES:
        yield Finding(
            place.keys("instances", "memory"),
            "out-of-range",
            "from 512Mi to 32Gi",
            f"write {'512Mi' if memory < MIN_MEMORY_MEBIBYTES else '32Gi'}, the nearest that is allowed",
        )
        return
    least, most = memory_range(instances.cpu)
    if not least <= memory <= most:
        wanted = "fewer CPUs, or more memory" if memory < least else "more CPUs, or less memory"
        yield Finding(
            place.keys("instances", "memory"),
            "cpu-memory-pair",
            f"from {_quantity(least)} to {_quantity(most)} with {instances.cpu} CPU{'s' if instances.cpu > 1 else ''}",
            f"choose {wanted}",
        )


def minimum_is_below_maximum(place: Place) -> Iterator[Finding]:
    """As many instances may run as shall run at least."""
    scaling = place.environment.instances.scaling
    least = resolve(place.environment).min_instances
    if scaling.min_count is not None and least > scaling.max_count:
        yield Finding(
            place.keys("instances", "scaling", "minCount"),
            "min-above-max",
            f"at most {scaling.max_count}, the value of maxCount",
            f"raise maxCount to {least}, or lower minCount",
            f"{least}",
        )


def _quantity(mebibytes: int) -> str:
    return f"{mebibytes // 1024}Gi" if mebibytes % 1024 == 0 else f"{mebibytes}Mi"


ENVIRONMENT_RULES = (memory_is_offered, minimum_is_below_maximum)

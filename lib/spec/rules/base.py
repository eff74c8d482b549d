"""What rules share."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from ..check.partial import MISSING
from ..findings import Finding, Keys
from ..model.environment import Environment
from ..model.root import ServiceSpec
from ..workloads import WORKLOADS, Workload

V = TypeVar("V")


@dataclass(frozen=True)
class Place:
    """One environment of a spec, and where it stands."""

    spec: ServiceSpec
    environment: Environment
    index: int

    @property
    def workload(self) -> Workload:
        """What kind of workload it is. What a kind does not have means nothing in it; there are findings about it already."""
        return WORKLOADS[self.spec.service.kind]

    def keys(self, *parts: str | int) -> Keys:
        """The key path of something in this environment."""
        return ("environments", self.index, *parts)


def known(values: Iterable[V]) -> Iterator[tuple[int, V]]:
    """The values of a list with their places, without those that are wrong by themselves."""
    return ((index, value) for index, value in enumerate(values) if value is not MISSING)


def repeated_names(sections: Iterable[Any], keys: Keys) -> Iterator[Finding]:
    """A finding for each section of a list whose `name` an earlier one has."""
    seen: dict[str, int] = {}
    for index, section in known(sections):
        name = section.name
        if name is MISSING:
            continue
        if name in seen:
            yield Finding(
                (*keys, index, "name"),
                "duplicate-value",
                "each name once",
                f"choose another name, item {seen[name] + 1} has this one",
            )
        seen.setdefault(name, index)


def repetitions(values: Iterable[Hashable], keys: Keys) -> Iterator[Finding]:
    """A finding for each value of a list that stands in it before."""
    seen: dict[Hashable, int] = {}
    for index, value in known(values):
        if value in seen:
            yield Finding(
                (*keys, index), "duplicate-value", "each value once", f"delete it, it is item {seen[value] + 1} already"
            )
        seen.setdefault(value, index)

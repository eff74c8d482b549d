"""What was made of one service, as the invariants read it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from spec import tiers
from spec.model import Environment, ServiceSpec
from spec.names import Names
from spec.platform import Platform

Json = Mapping[str, Any]

WORKLOADS = ("google_cloud_run_v2_job", "google_cloud_run_v2_service", "google_cloud_run_v2_worker_pool")
"""What runs a service's containers."""


@dataclass(frozen=True)
class Place:
    """One environment: what the spec says, and the Terraform that was made of it."""

    names: Names
    stacks: Mapping[str, Json]
    """Stack -> its Terraform, as it is committed."""
    release: Mapping[str, Any]
    """Path below stack `delivery` -> a file that a release is made from."""

    @property
    def id(self) -> str:
        return self.names.environment_id

    @property
    def environment(self) -> Environment:
        return self.names.environment

    @property
    def safety(self) -> tiers.Safety:
        return tiers.resolve(self.environment)

    def each(self, *kinds: str) -> Iterator[tuple[str, Json]]:
        """(where, arguments) of every resource of these kinds; of every one without any."""
        for kind, where, body in self.resources:
            if not kinds or kind in kinds:
                yield where, body

    @cached_property
    def resources(self) -> list[tuple[str, str, Json]]:
        """(kind, where, arguments) of every resource."""
        return [
            (kind, f"{self.id}/{stack} {kind}.{name}", body)
            for stack, terraform in self.stacks.items()
            for kind, by_name in terraform.get("resource", {}).items()
            for name, body in by_name.items()
        ]


@dataclass(frozen=True)
class Made:
    """Everything that was made of one service."""

    spec: ServiceSpec
    platform: Platform
    places: tuple[Place, ...]
    guide: str

    @classmethod
    def of(cls, spec: ServiceSpec, platform: Platform, files: Mapping[str, bytes]) -> Made:
        """From the files of this service, and maybe of others: path below the output folder -> content."""
        places = []
        for environment in spec.environments:
            prefix = f"{spec.service.id}/{environment.id}/"
            own = {path.removeprefix(prefix): text for path, text in files.items() if path.startswith(prefix)}
            stacks = {
                path.removesuffix("/cdk.tf.json"): json.loads(text)
                for path, text in own.items()
                if path.endswith("/cdk.tf.json")
            }
            release = {
                path: list(yaml.safe_load_all(text))
                for path, text in own.items()
                if path.startswith("delivery/") and path.endswith((".yaml", ".yml"))
            }
            places.append(Place(Names(spec, environment, platform), stacks, release))
        guide = files.get(f"{spec.service.id}/operations.md", b"").decode()
        return cls(spec, platform, tuple(places), guide)


def strings(value: Any) -> Iterator[str]:
    """Every text within a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for below in value.values():
            yield from strings(below)
    elif isinstance(value, list):
        for below in value:
            yield from strings(below)


def arguments(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(dotted path, value) of every argument within blocks."""
    if isinstance(value, Mapping):
        for name, below in value.items():
            yield f"{path}.{name}".lstrip("."), below
            yield from arguments(below, f"{path}.{name}")
    elif isinstance(value, list):
        for below in value:
            yield from arguments(below, path)


def at(value: Any, path: str) -> Any:
    """The value at a dotted path, None where there is none."""
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value

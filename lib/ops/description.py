"""The generated description of a service: what it is called, and where it runs."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops.errors import Misuse, OpsError

FOLDER = "infra-out"
FILE = "description.json"
VERSION = 1
"""Of the description's form; another one was written by another generator."""


@dataclass(frozen=True)
class Environment:
    """One environment, as the generator described it."""

    id: str
    tier: str
    project: str
    regions: tuple[str, ...]
    """The home first, where everything is that keeps data."""
    operating: Mapping[str, Any]
    """What the commands need: `generator.description.operating`."""

    @property
    def region(self) -> str:
        """The home."""
        return self.regions[0]

    def has(self, part: str) -> bool:
        return self.operating.get(part) is not None

    def part(self, part: str, what: str, lines: Iterable[str]) -> Mapping[str, Any]:
        """One part of it. Raises Misuse with the lines that would declare it."""
        found = self.operating.get(part)
        if found is None:
            raise Misuse(
                f"{self.id} has no {what}: the spec declares none. To have one, add to service.yaml",
                "environments:",
                f"  - id: {self.id}",
                *(f"    {line}" for line in lines),
            )
        assert isinstance(found, Mapping)
        return found


@dataclass(frozen=True)
class Description:
    """A service, with its environments in the order of the spec."""

    service: str
    name: str
    kind: str
    environments: tuple[Environment, ...]

    def environment(self, id: str | None) -> Environment:
        """The one that is asked for. Without a name: the only one, or the only one that serves nobody (tier test).

        Raises Misuse with the list where there is no such environment, or the choice would be a guess.
        """
        known = [environment.id for environment in self.environments]
        if id is not None:
            for environment in self.environments:
                if environment.id == id:
                    return environment
            near = difflib.get_close_matches(id, known, 1)
            raise Misuse(f"{self.service} has no environment {id!r}", *meant(near), f"it has: {', '.join(known)}")
        if len(self.environments) == 1:
            return self.environments[0]
        tests = [environment for environment in self.environments if environment.tier == "test"]
        if len(tests) == 1:
            return tests[0]
        raise Misuse("which environment?", *(f"{found.id} (tier {found.tier})" for found in self.environments))


def meant(near: list[str]) -> list[str]:
    return [f"did you mean {near[0]!r}?"] if near else []


def services(root: Path) -> list[str]:
    """The ids of the services that have a description."""
    return sorted(found.parent.name for found in (root / FOLDER).glob(f"*/{FILE}"))


def read(root: Path, service: str) -> Description:
    """Raises OpsError where there is none, or it is not one."""
    path = root / FOLDER / service / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        known = services(root)
        near = difflib.get_close_matches(service, known, 1)
        listed = [f"there are: {', '.join(known)}"] if known else []
        mend = ["made by: ./pants msp-generate ::"]
        raise Misuse(f"no service {service!r}: there is no {FOLDER}/{service}/{FILE}", *meant(near), *listed, *mend) from None
    except (OSError, UnicodeDecodeError) as error:
        raise OpsError(f"{path} can't be read: {error}") from None
    try:
        return parse(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise OpsError(
            f"{FOLDER}/{service}/{FILE} is no description: {type(error).__name__}: {error}",
            f"make it anew: ./pants msp-generate services/{service}::",
        ) from None


def parse(data: Mapping[str, Any]) -> Description:
    """Raises KeyError, TypeError, ValueError where something is missing or of another form."""
    if data["version"] != VERSION:
        raise ValueError(f"its form is {data['version']}, this program reads {VERSION}")
    return Description(
        service=data["id"],
        name=data["name"],
        kind=data["kind"],
        environments=tuple(
            Environment(
                id=found["id"], tier=found["tier"], project=found["project"], regions=tuple(found["regions"]),
                operating=found["operating"],
            )
            for found in data["environments"]
        ),
    )  # fmt: skip

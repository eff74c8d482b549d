"""Which service, and which of its environments: from the generated descriptions (spec.description)."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ops.errors import Misuse, OpsError
from spec import description
from spec.description import FILE, Description, DescriptionError, Environment

FOLDER = "infra-out"
"""Where descriptions are committed, from the repository's root."""


def services(root: Path) -> list[str]:
    """The ids of the services that have a description."""
    return sorted(found.parent.name for found in (root / FOLDER).glob(f"*/{FILE}"))


def read(root: Path, service: str) -> Description:
    """Raises Misuse where there is no such service, OpsError where its description can't be read."""
    path = root / FOLDER / service / FILE
    if service not in services(root):
        known = services(root)
        near = meant(difflib.get_close_matches(service, known, 1))
        listed = [f"there are: {', '.join(known)}"] if known else [f"is {root.resolve()} the repository's root?"]
        raise Misuse(f"no service {service!r}: there is no {FOLDER}/{service}/{FILE}", *near, *listed)
    mend = f"make it anew: ./pants msp-generate services/{service}::"
    try:
        return description.read(path)
    except DescriptionError as error:
        raise OpsError(str(error), mend) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise OpsError(f"{path} is no description: {type(error).__name__}: {error}", mend) from None


def environment(found: Description, id: str | None) -> Environment:
    """The one that is asked for. Without a name: the only one, or the only one that serves nobody (tier test).

    Raises Misuse with the list where there is no such environment, or the choice would be a guess.
    """
    known = [environment.id for environment in found.environments]
    if id is not None:
        if id in known:
            return found.environment(id)
        near = meant(difflib.get_close_matches(id, known, 1))
        raise Misuse(f"{found.id} has no environment {id!r}", *near, f"it has: {', '.join(known)}")
    tests = [environment for environment in found.environments if environment.tier == "test"]
    for only in (found.environments, tests):
        if len(only) == 1:
            return only[0]
    raise Misuse("which environment?", *(f"{found.id} (tier {found.tier})" for found in found.environments))


def part(environment: Environment, name: str, what: str, lines: Iterable[str]) -> Mapping[str, Any]:
    """One part of what the commands need. Raises Misuse with the lines that would declare it where there is none."""
    found = environment.operating.get(name)
    if found is None:
        raise Misuse(
            f"{environment.id} has no {what}: the spec declares none. To have one, add to service.yaml",
            "environments:",
            f"  - id: {environment.id}",
            *(f"    {line}" for line in lines),
        )
    assert isinstance(found, Mapping)
    return found


def meant(near: list[str]) -> list[str]:
    """The hint at the nearest name, where there is one."""
    return [f"did you mean {near[0]!r}?"] if near else []

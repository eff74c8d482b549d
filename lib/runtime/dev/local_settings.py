"""What a service says about running locally: `<module>/dev.py`, which nothing but this imports.

    VARIABLES: Mapping[str, str]            its own settings and secrets, and whatever should be otherwise here
    async def seed(runtime) -> None         first data, once per data folder, after the migrations
    companions: Mapping[str, Companion]     other servers that it needs, such as an OpenID provider

In a value of VARIABLES `{{ url }}` is the service's own address, `{{ port }}` its port, `{{ <companion> }}` a companion's
address, such as http://127.0.0.1:15001.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from types import ModuleType
from typing import Any, Protocol, TypeAlias

from runtime.dev.errors import DevError

TEMPLATE = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")


class Server(Protocol):
    """A process that was started, leads a group of its own, and answers on the port that it was told."""

    @property
    def process(self) -> Popen[Any]: ...

    def stop(self) -> None: ...


Companion: TypeAlias = Callable[[Path, int], Server]
"""Starts a server whose data and log are in a folder, on a port of this machine, and waits until it answers."""


@dataclass(frozen=True)
class LocalSettings:
    variables: Mapping[str, str] = field(default_factory=dict)
    seed: Callable[[Any], Awaitable[None]] | None = None
    companions: Mapping[str, Companion] = field(default_factory=dict)


def local_settings(module: str) -> LocalSettings:
    """What `<module>.dev` says; nothing where there is no such module. DevError where it says something else."""
    if importlib.util.find_spec(f"{module}.dev") is None:
        return LocalSettings()
    try:
        found = importlib.import_module(f"{module}.dev")
    except Exception as error:
        told = "".join(traceback.format_exception(error)[-3:]).rstrip()
        raise DevError(f"{module}/dev.py can't be imported:\n{told}") from error
    return LocalSettings(
        variables=_mapping(found, "VARIABLES", str, "Mapping[str, str]"),
        seed=getattr(found, "seed", None),
        companions=_mapping(found, "companions", None, "Mapping[str, Companion]"),
    )


def _mapping(module: ModuleType, name: str, kind: type | None, expected: str) -> Mapping[str, Any]:
    value = getattr(module, name, {})
    is_right = isinstance(value, Mapping) and all(
        isinstance(key, str) and (isinstance(one, kind) if kind else callable(one)) for key, one in value.items()
    )
    if not is_right:
        raise DevError(f"{module.__file__}: {name} has to be a {expected}")
    return dict(value)


def fill_in(text: str, values: Mapping[str, str], where: str) -> str:
    """`{{ name }}` replaced. DevError with the names that there are."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise DevError(f"{where}: {match[0]} is not known; there are: {', '.join(values)}")
        return values[match[1]]

    return TEMPLATE.sub(value, text)

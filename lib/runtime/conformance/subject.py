"""What is checked: a program, how it is started, and what it was promised."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runtime.contract import Kind

from spec.conformance import FILE

from .described import Described


@dataclass(frozen=True)
class Subject:
    """A program in one of its environments.

    command       how it is started; `python -m <module>` for most
    described     the environment, as the generator describes it
    paths         what is asked of a service under load; each has to answer below 500, and one should use every resource
    headers       of those requests
    seed          database -> SQL that is run once the first start has made its tables
    own           values of the service's own settings and secrets, where those of the description don't do here
    search_path   folders with Python modules
    directory     of the service, from the repository's root; where the result is committed
    """

    id: str
    kind: Kind
    command: Sequence[str]
    described: Described
    paths: Sequence[str] = ("/",)
    headers: Mapping[str, str] = field(default_factory=dict)
    seed: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)
    search_path: Sequence[Path] = ()
    directory: Path = Path()

    @property
    def databases(self) -> tuple[str, ...]:
        """Those that the environment has."""
        value = self.described.value("PGDATABASES")
        return tuple(value.split(",")) if value else ()

    @property
    def has_redis(self) -> bool:
        return self.described.has("REDIS_ENDPOINT")

    @property
    def result_file(self) -> Path:
        return self.directory / FILE


def module_command(module: str) -> tuple[str, ...]:
    """How a Python program is started."""
    return (sys.executable, "-m", module)

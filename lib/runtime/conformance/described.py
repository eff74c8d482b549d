"""An environment as the generator describes it: every variable that the program finds there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from spec.constants import CONTRACT
from spec.description import Environment

VariableKind = Literal["plain", "secret", "injected"]

PLATFORMS = {variable.name: variable for variable in CONTRACT}

GROUPS = ("postgres", "redis", "bigquery", "authorization")
"""Resources whose variables come all together or not at all."""

ALWAYS = ("always", "service", "job")


@dataclass(frozen=True)
class DescribedVariable:
    """One variable. `value` is None where only the platform knows it: a secret's, or another stack's output."""

    name: str
    kind: VariableKind
    value: str | None = None


@dataclass(frozen=True)
class Described:
    """One environment of a service."""

    id: str
    variables: Sequence[DescribedVariable]

    @classmethod
    def of(cls, environment: Environment) -> Described:
        return cls(
            environment.id,
            tuple(DescribedVariable(one.name, one.kind, one.value) for one in environment.variables),
        )

    def has(self, name: str) -> bool:
        return any(variable.name == name for variable in self.variables)

    def value(self, name: str) -> str | None:
        return next((variable.value for variable in self.variables if variable.name == name), None)

    @property
    def required(self) -> tuple[str, ...]:
        """Those of the platform's variables without which nothing may start, in the description's order."""
        found = []
        for variable in self.variables:
            agreed = PLATFORMS.get(variable.name)
            # Without MSP=true it is a developer's machine, where nothing is required.
            if agreed is not None and agreed.name != "MSP" and agreed.when in (*ALWAYS, *GROUPS):
                found.append(variable.name)
        return tuple(found)

    @property
    def own(self) -> tuple[str, ...]:
        """Those that the service's spec sets itself."""
        return tuple(variable.name for variable in self.variables if variable.name not in PLATFORMS)

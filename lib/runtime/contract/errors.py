"""What can be wrong with an environment, itemised: never one variable at a time, never a secret's value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One variable that is not as it has to be."""

    name: str
    found: str
    """What is there, in words or quoted; `a value that is not shown` for a secret."""
    expected: str

    def __str__(self) -> str:
        return f"{self.name}: found {self.found}; expected {self.expected}"


class ConfigurationError(Exception):
    """The environment does not fit; `problems` has everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{count} with the environment:\n{lines}\n`--help` lists every variable.")


class UndeclaredResourceError(Exception):
    """The code uses a resource that the service's spec does not ask for."""

    def __init__(self, what: str, lines: str) -> None:
        self.lines = lines
        indented = "\n".join(f"    {line}" for line in lines.splitlines())
        super().__init__(
            f"This environment has no {what}. Add to the environment in service.yaml and deploy:\n{indented}\n"
            "On this machine, set its variables: `--help` lists them."
        )


class UndeclaredFlagsError(UndeclaredResourceError):
    """The code asks for feature flags, and the program names no file of them."""

    def __init__(self) -> None:
        self.lines = 'flags = Path(__file__).parent / "flags.toml"'
        Exception.__init__(
            self,
            f"This program has no file of feature flags. Add to its class, beside `name`:\n    {self.lines}\n"
            "`pydoc runtime.flags.reading` shows such a file.",
        )

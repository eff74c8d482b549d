"""Reads variables, remembers which were asked for (for `--help`) and everything that was wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from .errors import ConfigurationError, Problem

T = TypeVar("T")


@dataclass(frozen=True)
class Variable(Generic[T]):
    """A variable and how its text becomes a value."""

    name: str
    meaning: str
    parse: Callable[[str], T]
    """Raises ValueError where the text is not as expected."""
    expected: str
    """What the text has to be, in words: `a whole number, at least 1`."""
    default: T | None = None
    default_text: str | None = None
    """How the default reads in `--help`, where it is not the default's own text."""
    required: bool = False
    secret: bool = False
    source: str = ""
    """Who sets it, for `--help`."""

    @property
    def shown_default(self) -> str:
        if self.required:
            return "required"
        if self.default_text is not None:
            return self.default_text
        if isinstance(self.default, bool):
            return str(self.default).lower()
        return "none" if self.default is None else str(self.default)


class Reader:
    """One pass over an environment. An empty value counts as not set."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._declared: dict[tuple[str, str], Variable[object]] = {}
        self._problems: list[Problem] = []

    @property
    def declared(self) -> tuple[Variable[object], ...]:
        """Every variable that was asked for, in that order."""
        return tuple(self._declared.values())

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._problems)

    def has(self, name: str) -> bool:
        return bool(self._values.get(name))

    def read(self, variable: Variable[T]) -> T | None:
        """The value, its default, or None where it is missing or wrong; what is wrong is a problem then."""
        self._declared[variable.name, variable.source] = variable  # type: ignore[assignment]
        text = self._values.get(variable.name)
        if not text:
            if variable.required:
                self.problem(variable.name, "nothing", variable.expected)
            return variable.default
        try:
            return variable.parse(text)
        except ValueError:
            self.problem(variable.name, shown(text, variable.secret), variable.expected)
            return None

    def problem(self, name: str, found: str, expected: str) -> None:
        self._problems.append(Problem(name, found, expected))

    def finish(self) -> None:
        """Raise ConfigurationError where anything was wrong."""
        if self._problems:
            raise ConfigurationError(self._problems)


def shown(text: str, secret: bool) -> str:
    """What an error says was found: a secret never, a text of any length shortened."""
    if secret:
        return "a value that is not shown"
    return repr(text if len(text) <= 60 else text[:57] + "…")

"""One finding about one place in one file, in the words shown to the person who can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Diagnostic:
    """A finding. Errors make a spec unusable; warnings do not.

    path      file, relative to the repository's root, with forward slashes
    line      1-based
    column    1-based, counted in characters
    key       key path such as `environments[0].instances.memory`; empty where the finding is about the whole file
    found     what stands there now
    expected  what may stand there
    fix       the edit that mends it
    code      stable kebab-case name; `spec.codes` lists them all
    snippet   what the fix says to write, where that takes several lines; else empty
    """

    severity: Severity
    code: str
    path: str
    line: int
    column: int
    key: str
    found: str
    expected: str
    fix: str
    snippet: str = ""

    def render(self) -> str:
        """The finding on one line, for a terminal; what to write stands below it."""
        where = f" {self.key}:" if self.key else ""
        text = (
            f"{self.path}:{self.line}:{self.column}: {self.severity}[{self.code}]{where}"
            f" found {self.found}; expected {self.expected}; fix: {self.fix}"
        )
        return "\n    ".join([" ".join(text.splitlines()), *self.snippet.splitlines()])

    def to_json(self) -> dict[str, str | int]:
        """The finding as one entry of the envelope's `diagnostics`."""
        return {
            "severity": self.severity,
            "code": self.code,
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "key": self.key,
            "found": self.found,
            "expected": self.expected,
            "fix": self.fix,
            "snippet": self.snippet,
        }


def ordered(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings without repetitions, by file, then place; the same order on every machine."""
    return tuple(
        sorted(
            set(diagnostics),
            key=lambda d: (d.path, d.line, d.column, d.code, d.key, d.found, d.expected, d.fix, d.severity),
        )
    )


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any finding is an error rather than a warning."""
    return any(diagnostic.severity == "error" for diagnostic in diagnostics)

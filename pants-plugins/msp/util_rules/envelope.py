"""The generator's answer: one JSON document on stdout, of version 1.

The library's side is lib/generator/envelope.py; keep them in sync. Both are tested against
lib/generator/testdata/envelope.json.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Iterable

VERSION = 1

# Exit codes. With the first two there is an envelope.
FINE = 0
SPEC_IS_WRONG = 1


class EnvelopeError(Exception):
    """What a program printed is not an envelope that this side understands."""


@dataclass(frozen=True)
class Diagnostic:
    """One finding about one place of one file (`lib/spec/diagnostics.py` tells what each part is)."""

    path: str
    line: int
    column: int
    severity: str
    code: str
    key: str
    found: str
    expected: str
    fix: str
    snippet: str = ""

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def render(self) -> str:
        """One line for a terminal and what to write below it, as the library renders it."""
        key = f" {self.key}:" if self.key else ""
        text = (
            f"{self.path}:{self.line}:{self.column}: {self.severity}[{self.code}]{key}"
            f" found {self.found}; expected {self.expected}; fix: {self.fix}"
        )
        return "\n    ".join((" ".join(text.splitlines()), *self.snippet.splitlines()))


@dataclass(frozen=True)
class Envelope:
    """`files` are paths below the output folder; their content lies in the folder itself."""

    files: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def parse_envelope(stdout: bytes) -> Envelope:
    """Raises EnvelopeError, whose text says what is wrong with the document."""
    try:
        document = json.loads(stdout)
    except ValueError as error:
        raise EnvelopeError(f"its output is not JSON: {error}") from error
    version = document.get("version") if isinstance(document, dict) else None
    if version != VERSION:
        raise EnvelopeError(f"its output has version {version!r}; this plugin understands {VERSION}")
    try:
        return Envelope(
            files=tuple(str(file["path"]) for file in document["files"]),
            diagnostics=tuple(_diagnostic(entry) for entry in document["diagnostics"]),
        )
    except (KeyError, TypeError) as error:
        raise EnvelopeError(f"its output lacks a part of version {VERSION}: {error!r}") from error


def _diagnostic(entry: dict[str, Any]) -> Diagnostic:
    optional = {"snippet": entry["snippet"]} if "snippet" in entry else {}
    return Diagnostic(**{name: entry[name] for name in Diagnostic.__dataclass_fields__ if name != "snippet"}, **optional)


def ordered(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each finding once, by file, then place."""
    return tuple(sorted(set(diagnostics), key=lambda d: (d.path, d.line, d.column, d.code, d.key, d.found, d.fix)))

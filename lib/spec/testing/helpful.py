"""For tests: what every finding about a file must be, whatever is in the file."""

from __future__ import annotations

from collections.abc import Iterator

from spec.codes import CODES
from spec.diagnostics import Diagnostic

JARGON = ("pydantic", "Input should", "validation error", "NoneType", "Traceback", "_Missing", "object at 0x")
"""Words of the code, which mean nothing to somebody who writes a spec."""

LONGEST = 2000
"""Characters of one finding."""


def flaws(diagnostic: Diagnostic, content: bytes) -> Iterator[str]:
    """Why a finding about a file of this content would help nobody."""
    lines = content.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not 1 <= diagnostic.line <= len(lines):
        yield f"line {diagnostic.line} of {len(lines)}"
    elif not 1 <= diagnostic.column <= len(lines[diagnostic.line - 1]) + 1:
        yield f"column {diagnostic.column} of a line of {len(lines[diagnostic.line - 1])} characters"
    if diagnostic.code not in CODES:
        yield f"unknown code {diagnostic.code}"
    for part in ("path", "found", "expected", "fix"):
        if not getattr(diagnostic, part):
            yield f"no {part}"
    rendered = diagnostic.render()
    if not rendered.isprintable():
        yield "characters that a terminal obeys"
    if len(rendered) >= LONGEST:
        yield f"{len(rendered)} characters"
    yield from (f"speaks of {word}" for word in JARGON if word in rendered)

"""Findings before they have a file and a place: what the checks yield, and what the loader turns into diagnostics."""

from __future__ import annotations

from dataclasses import dataclass

from .diagnostics import Severity

Keys = tuple[str | int, ...]
"""A key path: `("environments", 0, "instances", "memory")`."""


@dataclass(frozen=True)
class Finding:
    """Something wrong at a key path.

    keys     the path; where it names a key that is absent, the place shown is the nearest mapping above it
    found    what stands there; empty where the source text at that place says it best
    on_key   whether the key itself is wrong rather than its value
    """

    keys: Keys
    code: str
    expected: str
    fix: str
    found: str = ""
    on_key: bool = False
    severity: Severity = "error"


def dotted(keys: Keys) -> str:
    """`("environments", 0, "env", "A.B")` → `environments[0].env."A.B"`."""
    text = ""
    for part in keys:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            quoted = part if part.replace("_", "").replace("-", "").isalnum() else f'"{shortened(part)}"'
            text += f".{quoted}" if text else quoted
    return text


def printable(text: str) -> str:
    """The text with escapes in place of line breaks and of everything else that a terminal would obey or hide."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def shortened(text: str, limit: int = 60) -> str:
    """The text on one line, cut in the middle of nowhere once it is longer than the limit; unprintable parts escaped."""
    line = printable(text[: limit + 1])
    return line if len(line) <= limit else line[: limit - 1] + "…"


def listed(words: tuple[str, ...] | list[str], last: str = "or") -> str:
    """`a, b or c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"

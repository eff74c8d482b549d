"""What the writer of a wrong text most likely meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..shapes import Shape


def suggestion(text: str, shape: Shape) -> str | None:
    """A text like this one that the shape allows; None where none comes to mind."""
    return next(
        (candidate for candidate in _candidates(text, shape) if candidate != text and _fits(candidate, shape)), None
    )


def _candidates(text: str, shape: Shape) -> Iterator[str]:
    """From the least change to the greatest."""
    if shape.expect is not None and shape.expect.suggest is not None:
        yield from shape.expect.suggest(text)
    if shape.maximum is not None and len(text) > shape.maximum:
        # What to leave out is the writer's to say.
        return
    bare = text.strip().rstrip(".")
    yield bare
    yield bare.lower()
    yield bare.upper()
    yield re.sub(r"^[a-z]+://", "", bare)
    if "/" in text:
        return
    for joint in ("-", "_", ""):
        joined = re.sub(r"[^A-Za-z0-9]+", joint, bare).strip("-_")
        yield joined
        yield joined.lower()


def _fits(text: str, shape: Shape) -> bool:
    if shape.pattern is None or (shape.maximum is not None and len(text) > shape.maximum):
        return False
    return len(text) >= (shape.minimum or 1) and re.search(shape.pattern, text) is not None


_UNITS: dict[str, dict[str, int]] = {
    "seconds": {"s": 1, "m": 60, "h": 3600, "d": 86400},
    "days": {"d": 1, "w": 7, "y": 365},
    "GB": {"g": 1, "t": 1024},
}
"""Unit of a key → first letter of what people write behind a number, and how many of the unit it is."""


def plain_number(text: str, unit: str | None) -> int | None:
    """`5m` as seconds → 300, `10GB` → 10, `1.0` → 1; None where it is no such quantity, or no whole number of them."""
    match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) *([A-Za-z]*)", text)
    if match is None:
        return None
    factor = _UNITS.get(unit or "", {}).get(match[2][:1].lower()) if match[2] else 1
    number = float(match[1]) * factor if factor is not None else 0.5
    return int(number) if number.is_integer() else None

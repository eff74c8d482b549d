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

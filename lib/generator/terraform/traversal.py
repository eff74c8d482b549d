"""A reference in an expression, as a root and steps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Wild(Enum):
    """A step that is not known from the text."""

    SPLAT = "*"
    COMPUTED = "…"


Step = str | int | Wild
"""One step of a traversal: an attribute or constant key, a constant index, or one that is not known from the text."""


class ExpressionError(Exception):
    """A template that Terraform would refuse, with the offset of the place in the string (0 is its start)."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True)
class Traversal:
    """`google_project.main.labels["a"]` is the root `google_project` and the steps `main`, `labels`, `a`."""

    root: str
    steps: tuple[Step, ...] = ()

    def __str__(self) -> str:
        parts = [self.root]
        for step in self.steps:
            parts.append(f".{step}" if isinstance(step, str) else f"[{step.value if isinstance(step, Wild) else step}]")
        return "".join(parts)

"""A reference in an expression, as a root and steps."""

from __future__ import annotations

from dataclasses import dataclass

Step = str | int | None
"""One step of a traversal: an attribute or constant key, a constant index, or None for a splat or a computed index."""


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
            parts.append(f".{step}" if isinstance(step, str) else "[*]" if step is None else f"[{step}]")
        return "".join(parts)

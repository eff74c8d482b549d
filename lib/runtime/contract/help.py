"""What `--help` prints: every variable that was asked for, with meaning, default and source."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from .reader import Variable

WIDTH = 110


def render(name: str, version: str, description: str, variables: Sequence[Variable[object]]) -> str:
    """The text of `--help`."""
    lines = [f"{name} {version}"]
    if description:
        lines += ["", *textwrap.wrap(description, WIDTH)]
    lines += ["", "Everything is configured by environment variables. An empty one counts as not set.", ""]
    by_source: dict[str, list[Variable[object]]] = {}
    for variable in variables:
        by_source.setdefault(variable.source, []).append(variable)
    column = max((len(variable.name) for variable in variables), default=0) + 4
    for source, group in by_source.items():
        lines.append(f"Set by {source}:")
        for variable in group:
            lines += _entry(variable, column)
        lines.append("")
    return "\n".join(lines)


def _entry(variable: Variable[object], column: int) -> list[str]:
    secret = " Secret." if variable.secret else ""
    text = f"{variable.meaning}{secret} Expected: {variable.expected}. Default: {variable.shown_default}."
    first, *rest = textwrap.wrap(text, WIDTH - column)
    return [f"  {variable.name}".ljust(column) + first, *(" " * column + line for line in rest)]

"""A run's result as a table for people."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Mapping

from .outcome import Outcome

WIDTH = 118


def table(title: str, outcomes: Mapping[str, Outcome]) -> str:
    """One line for each check, its reason below it where it has one."""
    column = max((len(id) for id in outcomes), default=0) + 2
    lines = [title]
    for id, outcome in outcomes.items():
        told = "" if not outcome.reason else f": {outcome.reason}"
        first, *rest = textwrap.wrap(f"{outcome.result}{told}", WIDTH - column - 2)
        lines += [f"  {id:<{column}}{first}", *(" " * (column + 4) + line for line in rest)]
        for line in outcome.detail.splitlines():
            lines.append(f"      {line[:WIDTH]}")
    counts = Counter(outcome.result for outcome in outcomes.values())
    lines.append(f"  {counts['pass']} pass, {counts['fail']} fail, {counts['not applicable']} not applicable")
    return "\n".join(lines)

"""A run's result as a table for people."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Mapping

from .outcome import Outcome

WIDTH = 118
DETAILS = 8
"""Lines of what was seen."""


def table(title: str, outcomes: Mapping[str, Outcome]) -> str:
    """One line for each check, its reason below it where it has one."""
    column = max((len(id) for id in outcomes), default=0) + 2
    lines, before = [title], list[str]()
    for id, outcome in outcomes.items():
        told = "" if not outcome.reason else f": {outcome.reason}"
        first, *rest = textwrap.wrap(f"{outcome.result}{told}", WIDTH - column - 2)
        lines += [f"  {id:<{column}}{first}", *(" " * (column + 4) + line for line in rest)]
        # The end says most: it is that of a log. What stops a program from starting stops every check.
        details = outcome.detail.splitlines()[-DETAILS:]
        lines += ["      … as above"] if details and details == before else [f"      {line[:WIDTH]}" for line in details]
        before = details or before
    counts = Counter(outcome.result for outcome in outcomes.values())
    lines.append(f"  {counts['pass']} pass, {counts['fail']} fail, {counts['not applicable']} not applicable")
    return "\n".join(lines)

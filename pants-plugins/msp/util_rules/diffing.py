"""What differs, in words and as a bounded diff. Pure."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Callable, Iterable

from msp.util_rules.output_tree import Comparison

MAXIMUM_LINES_PER_FILE = 40
MAXIMUM_LINES = 200
MAXIMUM_WIDTH = 200

# Reads a file's text: what is committed, and what was generated.
Reader = Callable[[str], str]


@dataclass(frozen=True)
class Difference:
    """What differs for one owner: `origin` is what the files are made from, `mend` the address to generate again."""

    origin: str
    mend: str
    comparison: Comparison


def render(differences: Iterable[Difference], committed: Reader, generated: Reader) -> str:
    """Every file that differs, by kind, each changed one followed by its diff as long as there is room."""
    lines: list[str] = []
    room = MAXIMUM_LINES
    for difference in differences:
        comparison = difference.comparison
        lines.append(f"Not what {difference.origin} says:")
        lines.extend(f"  missing   {path}" for path in comparison.missing)
        lines.extend(f"  orphaned  {path}" for path in comparison.orphaned)
        for path in comparison.changed:
            lines.append(f"  changed   {path}  (stale, or edited by hand)")
            diff = unified_diff(path, committed(path), generated(path), min(room, MAXIMUM_LINES_PER_FILE))
            room -= len(diff)
            lines.extend(f"    {line}" for line in diff)
        lines.append("")
    return "\n".join(lines).rstrip("\n")


def unified_diff(path: str, committed: str, generated: str, maximum: int) -> list[str]:
    """A diff from the committed file to the generated one, of no more than about `maximum` lines; empty without room."""
    if maximum <= 0:
        return []
    diff = list(
        difflib.unified_diff(
            committed.splitlines(), generated.splitlines(), f"{path} (committed)", f"{path} (generated)", lineterm="", n=2
        )
    )
    diff = [line if len(line) <= MAXIMUM_WIDTH else f"{line[:MAXIMUM_WIDTH - 1]}…" for line in diff]
    if not diff:
        return ["(the same lines: line endings or the last newline differ)"]
    if len(diff) <= maximum:
        return diff
    return [*diff[:maximum], f"… and {len(diff) - maximum} lines more"]


def mend_command(bin_name: str, addresses: Iterable[str]) -> str:
    """The one command that makes everything right; past three places it is the whole repository."""
    places = sorted(set(addresses))
    return f"{bin_name} msp-generate {' '.join(places) if 0 < len(places) <= 3 else '::'}"

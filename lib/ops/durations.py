"""How long, as people type it: 90s, 15m, 2h, 7d."""

from __future__ import annotations

import argparse
import re

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(text: str) -> int:
    """Raises argparse.ArgumentTypeError, which argparse shows."""
    found = re.fullmatch(r"(\d{1,6})([smhd])", text)
    if found is None or int(found[1]) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration; expected such as 90s, 15m, 2h, 7d")
    return int(found[1]) * UNITS[found[2]]


def words(count: float) -> str:
    """The largest unit that has no remainder worth telling."""
    for unit, size in reversed(UNITS.items()):
        if count >= size * 2 or (count >= size and count % size == 0):
            return f"{count / size:.0f}{unit}"
    return f"{count:.0f}s"

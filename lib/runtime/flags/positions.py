"""On which line a key of a TOML file is. The standard library's parser does not say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

Keys = tuple[str | int, ...]

HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
PART = re.compile(r"[\w-]+|\"[^\"]*\"|'[^']*'")


def positions(text: str) -> Mapping[Keys, int]:
    """Keys -> line, from 1, of headers and of keys that begin a line. What is within a value has its key's line."""
    found: dict[Keys, int] = {(): 1}
    counts: Counter[Keys] = Counter()
    here: Keys = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            here = _resolved(_parts(header[2]), counts)
            if header[1] == "[[":
                counts[here] += 1
                here = (*here, counts[here] - 1)
            found.setdefault(here, number)
        elif key := KEY.match(line):
            found.setdefault((*here, *_parts(key[1])), number)
    return found


def line_of(found: Mapping[Keys, int], keys: Keys) -> int:
    """The line of the keys, or of the nearest that hold them."""
    while keys not in found:
        keys = keys[:-1]
    return found[keys]


def _parts(text: str) -> Keys:
    return tuple(part.strip("\"'") for part in PART.findall(text))


def _resolved(keys: Keys, counts: Counter[Keys]) -> Keys:
    """A header below a list of tables belongs to its last one."""
    here: Keys = ()
    for part in keys[:-1]:
        here = (*here, part)
        if counts[here]:
            here = (*here, counts[here] - 1)
    return (*here, *keys[-1:])

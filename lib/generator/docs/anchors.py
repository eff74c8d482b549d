"""The anchor that GitHub gives a heading, so that links within a guide can be written before it is rendered.

Rule: https://github.com/Flet/github-slugger, which follows GitHub's own code: lower case; everything goes that is not a
letter, mark, digit, connector (`_`), dash or space; every space becomes a dash; a repeated anchor gets `-1`, `-2`, ….
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

KEPT_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"})

# Symbols that Unicode counts as alphabetic: Ⓐ to ⓩ, and the enclosed capitals.
# Source: https://www.unicode.org/Public/UCD/latest/ucd/PropList.txt (Other_Alphabetic)
ALPHABETIC_SYMBOLS = ((0x24B6, 0x24E9), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189))


def slug(heading: str) -> str:
    """The anchor of a heading's plain text, without `#`, where no heading before it has the same."""
    return "".join(_kept(character) for character in heading.lower())


def slugs(headings: Iterable[str]) -> list[str]:
    """The anchors of all headings of one document, in order: repeated ones are numbered."""
    seen: dict[str, int] = {}
    found = []
    for heading in headings:
        base = anchor = slug(heading)
        while anchor in seen:
            seen[base] += 1
            anchor = f"{base}-{seen[base]}"
        seen[anchor] = 0
        found.append(anchor)
    return found


def _kept(character: str) -> str:
    if character == " ":
        return "-"
    if character == "-" or unicodedata.category(character) in KEPT_CATEGORIES:
        return character
    code = ord(character)
    return character if any(first <= code <= last for first, last in ALPHABETIC_SYMBOLS) else ""

"""Markdown within a line. Plain `str` is text that somebody wrote and is escaped; `Inline` is Markdown that is ready.

Everything here is safe at any place of a document, in a table's cell too, so callers needn't know where it will stand.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote


class Inline(str):
    """Markdown that is ready: made by this module, never by hand from a spec's values."""

    __slots__ = ()


Text = str | Inline
"""What people wrote (escaped when used) or Markdown that is ready (left as it is)."""

BACKSLASHED = re.compile(r"[\\`*\[\]~$]|(?<![^\W_])_|_(?![^\W_])")
"""What CommonMark and GitHub's dialect read as markup within a line; an underscore inside a word is none."""

# Entities where a backslash is not enough: a table's row is split at pipes before backslashes in code are read, and
# not every renderer takes a backslash before a bracket of HTML.
ENTITIES = {"<": "&lt;", ">": "&gt;", "|": "&#124;"}
ENTITY_LIKE = re.compile(r"&(?=#?\w+;)")
BLOCK_START = re.compile(r"(#{1,6}|[-+]|=+|-{2,})(?=\s|$)|(\d{1,9})(?=[.)](\s|$))")
"""What makes a heading, a list or a rule of a paragraph that begins with it."""

# Bidirectional controls reorder what a reader sees. Source: https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

URL_KEPT = "/:?#@!$&'*+,;=%-._~"
"""Characters of a URL that mean nothing to Markdown within `](…)`."""


def escape(text: str) -> Inline:
    """Text as one line that renders as itself, character for character; runs of white space become one space."""
    line = " ".join(text.split())
    line = "".join(REPLACEMENT if _is_invisible(character) else character for character in line)
    line = ENTITY_LIKE.sub("&amp;", line)
    line = BACKSLASHED.sub(lambda match: f"\\{match[0]}", line)
    line = "".join(ENTITIES.get(character, character) for character in line)
    line = " ".join(_without_autolink(word) for word in line.split(" "))
    return Inline(BLOCK_START.sub(_backslashed_start, line, count=1) if BLOCK_START.match(line) else line)


def inline(text: Text) -> Inline:
    """Ready Markdown of either."""
    return text if isinstance(text, Inline) else escape(text)


def code(value: object) -> Inline:
    """A code span that shows the value; a control character is shown as its escape."""
    text = "".join(_shown(character) for character in str(value))
    if not text.strip():
        return Inline("(empty)" if not text else "(blank)")
    if "|" in text:
        # In a table, `\|` in a code span ends the cell or not depending on what stands before it.
        return Inline(f"<code>{''.join(_entity(character) for character in text)}</code>")
    fence = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return Inline(f"{fence}{pad}{text}{pad}{fence}")


def strong(text: Text) -> Inline:
    return Inline(f"**{inline(text)}**")


def link(text: Text, url: str) -> Inline:
    """A link to a web page (`https://…`), an anchor of this document (`#…`) or a file beside it.

    Raises ValueError for another scheme: no guide links to anything else.
    """
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", url)
    if scheme is not None and scheme[0] != "https:":
        raise ValueError(f"a guide links only to https addresses, not to {url!r}")
    return Inline(f"[{inline(text)}]({quote(url, safe=URL_KEPT)})")


def join(parts: Iterable[Text], separator: str = ", ", last: str | None = None) -> Inline:
    """Parts one after another; with `last`, as a sentence has them: `a, b and c`."""
    ready = [inline(part) for part in parts]
    if last is not None and len(ready) > 1:
        return Inline(separator.join(ready[:-1]) + last + ready[-1])
    return Inline(separator.join(ready))


def fmt(template: str, /, *arguments: object, **named: object) -> Inline:
    """A sentence: `template` is Markdown from this code, what is put into its `{…}` is escaped unless it is Inline."""
    return Inline(_Formatter().vformat(template, arguments, named))


class _Formatter(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec:
            raise ValueError("sentences take values as they are")
        return inline(value if isinstance(value, str) else str(value))


def _without_autolink(word: str) -> str:
    """GitHub makes links of bare addresses and takes the backslashes in them as they are: leave it only plain ones."""
    if "\\" not in word and "&" not in word:
        return word
    return re.sub(r"(?i)(?<=:)/(?=/)|(?<=www)\.", lambda match: f"&#{ord(match[0])};", word)


def _backslashed_start(match: re.Match[str]) -> str:
    return f"{match[2]}\\" if match[2] is not None else f"\\{match[0]}"


def _is_invisible(character: str) -> bool:
    return character in BIDIRECTIONAL or unicodedata.category(character) in ("Cc", "Cs")


def _shown(character: str) -> str:
    return repr(character)[1:-1] if _is_invisible(character) else character


def _entity(character: str) -> str:
    if character.isalnum() or character in " -./:=,@" or ord(character) > 127:
        return character
    return f"&#{ord(character)};"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)

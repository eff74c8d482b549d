"""Bytes → text: encoding and characters."""

from __future__ import annotations

import re

from .tree import START, Position, Problem

MAX_BYTES = 1_000_000
"""Size of a file: a spec has a few kilobytes."""

# Control characters, and the three that YAML takes for line breaks while editors do not (so that lines would be
# counted differently), and what is no character at all.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

_MAX_CHARACTER_PROBLEMS = 10


def decode(content: bytes) -> tuple[str | None, list[Problem]]:
    """The text, None where it can't be read as YAML at all; and what is wrong with it."""
    if len(content) > MAX_BYTES:
        return None, [too_large(len(content))]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None, [_not_utf_8(START, "UTF-16, by its first two bytes")]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", errors="replace")
        return None, [_not_utf_8(_end_of(before), f"the byte 0x{content[error.start]:02x}")]
    problems = []
    if text.startswith("\ufeff"):
        problems.append(
            Problem(
                START, "byte-order-mark", "a byte order mark", "UTF-8 without one", "save the file as UTF-8 without BOM"
            )
        )
        text = text[1:]
    forbidden = list(_FORBIDDEN.finditer(text))
    for match in forbidden[:_MAX_CHARACTER_PROBLEMS]:
        problems.append(
            Problem(
                _end_of(text[: match.start()]),
                "invalid-character",
                f"the character U+{ord(match[0]):04X}",
                "printable text",
                "delete it; in double quotes it can be written as an escape",
            )
        )
    return (None if forbidden else text), problems


def too_large(size: int) -> Problem:
    """The problem with a file of so many bytes."""
    return Problem(
        START, "file-too-large", f"{size} bytes", f"at most {MAX_BYTES} bytes", "check that this is the right file"
    )


def _not_utf_8(position: Position, found: str) -> Problem:
    return Problem(position, "not-utf-8", found, "text in UTF-8", "save the file as UTF-8")


def _end_of(text: str) -> Position:
    """The position after the text."""
    lines = re.split("\r\n|\r|\n", text)
    return Position(len(lines), len(lines[-1]) + 1)

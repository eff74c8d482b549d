"""What a plain scalar means.

Editors follow YAML 1.2, PyYAML follows YAML 1.1; where the two disagree, or where the writer most likely meant
something else, the scalar is not given a value but marked as misread. It then fits no type, and the finding about it
tells to quote it or to write it plainly.
"""

from __future__ import annotations

import re
from typing import Any

from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

from .tree import Misread

_TAG = "tag:yaml.org,2002:"
_PLAIN_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_PLAIN_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_NUMBER_IN_1_2 = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+")
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_TRUE_IN_1_1 = {"yes", "on"}

_resolve: Any = Resolver().resolve


def read_plain(text: str) -> Any:
    """The value of an unquoted scalar: str, int, float, bool or Misread."""
    tag = _tag(text)
    if tag == "null":
        return Misread(text, "")
    if tag == "bool":
        if text in _BOOLEANS:
            return _BOOLEANS[text]
        return Misread(text, f"the boolean {'true' if text.lower() in _TRUE_IN_1_1 else 'false'}")
    if tag == "int":
        return int(text) if _PLAIN_INTEGER.fullmatch(text) else Misread(text, _odd_integer(text))
    if tag == "float":
        return float(text) if _PLAIN_NUMBER.fullmatch(text) else Misread(text, "a number")
    if tag == "timestamp":
        return Misread(text, "a date")
    # An editor, which reads YAML 1.2, would take these for numbers: PyYAML alone must not decide that they are text.
    return Misread(text, "a number") if _NUMBER_IN_1_2.fullmatch(text) else text


def reading_of(value: Any) -> str:
    """What YAML takes a value for that is no text; empty for a missing one."""
    if isinstance(value, Misread):
        return value.reading
    return f"the boolean {str(value).lower()}" if isinstance(value, bool) else f"the number {value}"


def _tag(text: str) -> str:
    """YAML 1.1's name for what an unquoted scalar is, such as `int`."""
    tag: str = _resolve(ScalarNode, text, (True, False))
    return tag.removeprefix(_TAG)


def _odd_integer(text: str) -> str:
    """How YAML 1.1 reads an integer that is not written in plain decimal digits."""
    sign = "-" if text.startswith("-") else ""
    digits = text.lstrip("+-").replace("_", "").lower()
    if len(digits) > 18:
        return "a very large number"
    if digits.startswith("0b"):
        return f"the number {sign}{int(digits, 2)}"
    if digits.startswith("0x"):
        return f"the number {sign}{int(digits, 16)}"
    if ":" in digits:
        total = 0
        for part in digits.split(":"):
            total = total * 60 + int(part)
        return f"the number {sign}{total} (in base 60)"
    if digits.startswith("0") and digits != "0":
        return f"the number {sign}{int(digits, 8)} (in base 8)"
    return f"the number {sign}{int(digits)}"

"""Numbers as JavaScript has and writes them: jsii sends them to Node, and Node writes the Terraform JSON."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from generator.engine.errors import Unsupported

_EXACT = 2**53
_PLAIN = 1e21
"""From here on JavaScript writes whole numbers with an exponent, so that JSON readers see a float."""
_PARSE_FLOAT = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def js_number(value: int | float) -> int | float:
    """The number that a JSON reader finds in Node's output: whole floats are integers, big ones lose digits."""
    if isinstance(value, int):
        return value if -_EXACT <= value <= _EXACT else _rounded(float(value))
    if not math.isfinite(value):
        raise Unsupported(f"the number {value}")
    return _rounded(value) if value.is_integer() else value


def _rounded(value: float) -> int | float:
    if abs(value) >= _PLAIN:
        return value
    return int(Decimal(repr(value)))


def parse_float(text: str) -> float | None:
    """JavaScript's parseFloat: the longest number at the start of the text, None where it has none (NaN)."""
    found = _PARSE_FLOAT.match(text)
    return float(found[0]) if found else None


def js_text(value: Any) -> str:
    """JavaScript's `${value}` for what can stand in a Terraform string."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number_text(js_number(value))
    raise Unsupported(f"a value of type {type(value).__name__} inside a string")


def _number_text(value: int | float) -> str:
    if isinstance(value, int):
        return str(value)
    if 1e-6 <= abs(value) < _PLAIN:
        return format(Decimal(repr(value)), "f")
    mantissa, _, power = repr(value).partition("e")
    return f"{mantissa}e{int(power):+d}"

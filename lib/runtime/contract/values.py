"""From a variable's text to a typed value. Each parser raises ValueError with nothing of the text in it."""

from __future__ import annotations

import hmac
import math
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlsplit

N = TypeVar("N", int, float)


class Secret:
    """A value that shows itself only when asked: in no log line, error or representation."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself."""
        return self._value

    def matches(self, other: str) -> bool:
        """Whether `other` is the value, in a time that does not depend on where they differ."""
        return hmac.compare_digest(self._value.encode(), other.encode())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.matches(other._value)

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(***)"


TRUE = frozenset({"true", "1", "yes", "on"})
FALSE = frozenset({"false", "0", "no", "off"})

# Longest first, so that `ms` is not read as minutes.
UNITS = {"ms": 0.001, "d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}
DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|d|h|m|s)")


def text(value: str) -> str:
    return value


def boolean(value: str) -> bool:
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise ValueError


def whole(minimum: int | None = None, maximum: int | None = None) -> Callable[[str], int]:
    def parse(value: str) -> int:
        return _within(int(value), minimum, maximum)

    return parse


def number(minimum: float | None = None, maximum: float | None = None) -> Callable[[str], float]:
    def parse(value: str) -> float:
        parsed = float(value)
        if not math.isfinite(parsed):
            raise ValueError
        return _within(parsed, minimum, maximum)

    return parse


def _within(value: N, minimum: float | None, maximum: float | None) -> N:
    if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
        raise ValueError
    return value


def percent(value: str) -> float:
    """`12.5%` as 0.125."""
    if not value.endswith("%"):
        raise ValueError
    return number(0, 100)(value[:-1]) / 100


def duration(value: str) -> timedelta:
    """`1h30m`, `250ms`, `10s`."""
    parts = DURATION.findall(value)
    if not parts or "".join(amount + unit for amount, unit in parts) != value:
        raise ValueError
    return timedelta(seconds=sum(float(amount) * UNITS[unit] for amount, unit in parts))


def choice(choices: tuple[str, ...]) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in choices:
            raise ValueError
        return value

    return parse


def url(schemes: tuple[str, ...]) -> Callable[[str], str]:
    def parse(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in schemes or not parts.hostname:
            raise ValueError
        return value

    return parse


def names(value: str) -> tuple[str, ...]:
    """`a,b` as the generator writes lists."""
    found = tuple(part.strip() for part in value.split(","))
    if not all(found) or len(set(found)) != len(found):
        raise ValueError
    return found


def pairs(value: str) -> Mapping[str, str]:
    """`name=full name,…` as the generator writes buckets, topics, subscriptions and queues."""
    found = dict(_pair(part) for part in value.split(","))
    if len(found) != value.count(",") + 1:
        raise ValueError
    return found


def _pair(part: str) -> tuple[str, str]:
    name, equals, full = part.strip().partition("=")
    if not (name and equals and full):
        raise ValueError
    return name, full


def bounds(minimum: float | None, maximum: float | None) -> str:
    """How a range reads in a message."""
    if minimum is not None and maximum is not None:
        return f" from {minimum:g} to {maximum:g}"
    if minimum is not None:
        return f", at least {minimum:g}"
    return f", at most {maximum:g}" if maximum is not None else ""

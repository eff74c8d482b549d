"""The few names that a value in `env` may refer to: `https://{{ dnsName }}`."""

from __future__ import annotations

import re
from dataclasses import dataclass

NAMES: tuple[str, ...] = ("projectId", "environmentId", "region", "dnsName")
"""What may stand between the braces."""

_TEMPLATE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


@dataclass(frozen=True)
class Parts:
    """The names that a value refers to, in order, and whether braces are left over."""

    names: tuple[str, ...]
    is_broken: bool


def parts(value: str) -> Parts:
    """Takes a value apart. `{{` always opens a reference: nothing else can be meant by it."""
    rest = _TEMPLATE.sub("", value)
    return Parts(tuple(match[1] for match in _TEMPLATE.finditer(value)), "{{" in rest)


def fill(value: str, values: dict[str, str]) -> str:
    """The value with every reference filled in. What is filled in is never read again. KeyError for an unknown name."""
    return _TEMPLATE.sub(lambda match: values[match[1]], value)

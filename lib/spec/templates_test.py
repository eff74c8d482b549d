"""References in values."""

from __future__ import annotations

import pytest

from spec.templates import fill, parts

VALUES = {"projectId": "p-1", "dnsName": "{{ projectId }}.example"}


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        ("plain", "plain"),
        ("", ""),
        ("{{ projectId }}", "p-1"),
        ("{{projectId}}/{{  projectId  }}", "p-1/p-1"),
        ("${x} %{if} $${y} {x} }} <&'\">", "${x} %{if} $${y} {x} }} <&'\">"),
        ("{{ dnsName }}", "{{ projectId }}.example"),
    ],
)
def test_fill(value: str, filled: str) -> None:
    """Nothing is escaped, and what was filled in is not read again."""
    assert fill(value, VALUES) == filled


@pytest.mark.parametrize(
    ("value", "names", "is_broken"),
    [
        ("a {{ b }} c {{ d }}", ("b", "d"), False),
        ("{{ b }", (), True),
        ("{{ b", (), True),
        ("{{{ b }}}", ("b",), False),
        ("{{ {{ b }} }}", ("b",), True),
        ("}} {", (), False),
        ("{{ }}", ("",), False),
    ],
)
def test_parts(value: str, names: tuple[str, ...], is_broken: bool) -> None:
    found = parts(value)
    assert (found.names, found.is_broken) == (names, is_broken)

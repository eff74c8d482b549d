from __future__ import annotations

import pytest

from spec.promql import unbalanced


@pytest.mark.parametrize(
    "query",
    [
        "up",
        'sum by (le) (rate(x_bucket{a="b",c=~"d|e"}[5m])) > 0',
        'up{a=")"}',
        'up{a="\\""}',
        'up{a="\\\\"}',
        "up{a='\"'}",
        "up{a=`\\`}",
        "up # a ) in a comment",
        "up # a ( in a comment\n > 0",
        "",
    ],
)
def test_balanced(query: str) -> None:
    assert unbalanced(query) is None


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("sum(up", "close the `(`"),
        ("sum(rate(x[5m))", "takes away"),
        ("up{a='b\"}", "close the quote"),
        ("up)", "takes away"),
        ('up{a="b\\"}', "close the quote"),
        ("up{a=`b}", "close the quote"),
    ],
)
def test_unbalanced(query: str, says: str) -> None:
    assert says.replace("takes", "take") in (unbalanced(query) or "")

from __future__ import annotations

import pytest

from generator.terraform.graph import cycles


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ({}, []),
        ({"a": ["b"], "b": ["c"], "c": []}, []),
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"]}, []),
        ({"a": ["a"]}, [("a",)]),
        ({"a": ["b"], "b": ["a"]}, [("a", "b")]),
        ({"x": ["c"], "c": ["b"], "b": ["a"], "a": ["c", "y"]}, [("a", "c", "b")]),
        ({"a": ["b"], "b": ["a"], "c": ["d", "a"], "d": ["c"]}, [("a", "b"), ("c", "d")]),
        ({"a": ["b", "c"], "b": ["c"], "c": ["a"]}, [("a", "c")]),
    ],
)
def test_cycles(edges: dict[str, list[str]], expected: list[tuple[str, ...]]) -> None:
    assert cycles(edges) == expected


def test_a_long_chain_needs_no_recursion() -> None:
    edges = {f"n{i:05}": [f"n{i + 1:05}"] for i in range(5000)}
    assert cycles(edges) == []

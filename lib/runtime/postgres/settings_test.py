"""Arithmetic of the pool's budget, and what a session begins with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.postgres.settings import Settings, shares


@pytest.mark.parametrize(
    ("budget", "databases", "weights", "expected"),
    [
        (10, ("a",), {}, {"a": 10}),
        (10, ("a", "b"), {}, {"a": 5, "b": 5}),
        (10, ("a", "b", "c"), {}, {"a": 4, "b": 3, "c": 3}),
        (10, ("a", "b"), {"a": 3}, {"a": 7, "b": 3}),
        (2, ("a", "b"), {"a": 100}, {"a": 1, "b": 1}),
    ],
)
def test_the_budget_is_shared(
    budget: int, databases: tuple[str, ...], weights: dict[str, int], expected: dict[str, int]
) -> None:
    assert shares(budget, databases, weights) == expected


@given(
    st.integers(0, 40), st.lists(st.sampled_from("abcdef"), unique=True, min_size=1), st.dictionaries(
        st.sampled_from("abcdef"), st.integers(1, 9)
    ),
)  # fmt: skip
def test_shares_are_the_whole_budget_and_nobody_has_none(budget: int, databases: list[str], weights: dict[str, int]) -> None:
    if budget < len(databases):
        with pytest.raises(ValueError, match=f"{budget} connections for {len(databases)} databases"):
            shares(budget, tuple(databases), weights)
        return
    given_out = shares(budget, tuple(databases), weights)
    assert sum(given_out.values()) == budget
    assert min(given_out.values()) >= 1
    assert list(given_out) == databases


def test_no_limit_is_zero_and_a_small_one_is_not() -> None:
    options = Settings(statement_timeout=0, lock_timeout=0.0001).session_options("owner")
    assert "-c statement_timeout=0 " in options
    assert "-c lock_timeout=1 " in options
    assert options.endswith("-c role=owner")

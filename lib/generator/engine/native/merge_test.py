from __future__ import annotations

import pytest

from generator.engine.errors import EngineError, Unsupported
from generator.engine.native.merge import deep_merge, keys_to_snake_case, snake_case
from generator.engine.native.tokens import Intrinsic


@pytest.mark.parametrize(
    ("target", "source", "merged"),
    [
        ({"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}),
        ({"a": 1}, {"a": {"b": 2}}, {"a": {"b": 2}}),
        ({"a": [1]}, {"a": [2]}, {"a": [1, 2]}),
        ({"a": 1}, {"a": [2]}, {"a": [2]}),
        ({"a": 1, "b": 2}, {"a": None}, {"b": 2}),
        ({}, {"a": {"b": None}}, {"a": {}}),
        ({"a": [{"b": 1}, 5]}, {"a": {"0": {"c": 2}, "1": 6, "2": {"d": 3}}}, {"a": [{"b": 1, "c": 2}, 6, {"d": 3}]}),
    ],
)
def test_merging(target: dict[str, object], source: dict[str, object], merged: dict[str, object]) -> None:
    assert deep_merge(target, source) == merged


def test_in_resolved_values_none_is_null() -> None:
    assert deep_merge({"a": 1}, {"a": None, "b": {"c": None}}, resolved=True) == {"a": None, "b": {"c": None}}


def test_the_source_is_left_alone() -> None:
    items = [{"b": 1}]
    source = {"a": {"0": {"c": 2}}}
    deep_merge({"a": items}, source)
    assert items == [{"b": 1}] and source == {"a": {"0": {"c": 2}}}


@pytest.mark.parametrize("key", ["3", "x", "-1"])
def test_an_override_beside_a_lists_items_is_refused(key: str) -> None:
    with pytest.raises(Unsupported, match=f"an override of '{key}' in a list of 1 items"):
        deep_merge({"a": [1]}, {"a": {key: 2}})


def test_parts_of_a_token_cannot_be_overridden() -> None:
    with pytest.raises(EngineError, match="cannot override parts of a"):
        deep_merge({"a": Intrinsic(1)}, {"a": {"b": 1}})


@pytest.mark.parametrize(
    ("name", "snake"),
    [
        ("createBeforeDestroy", "create_before_destroy"),
        ("already_snake", "already_snake"),
        ("cost-center", "cost_center"),
        ("-edges-", "edges"),
        ("IPv4Address", "ipv4_address"),
        ("HTTPServer", "httpserver"),
        ("a..b__c", "a_b_c"),
        ("", ""),
    ],
)
def test_snake_case(name: str, snake: str) -> None:
    assert snake_case(name) == snake


def test_keys_to_snake_case_keeps_what_is_in_tags() -> None:
    value = {"aB": {"cD": [{"eF": 1}]}, "tags": {"gH": 1}, "environment": {"iJ": 2}, "k": [[{"lM": 3}]]}
    assert keys_to_snake_case(value) == {
        "a_b": {"c_d": [{"e_f": 1}]},
        "tags": {"gH": 1},
        "environment": {"iJ": 2},
        "k": [[{"l_m": 3}]],
    }

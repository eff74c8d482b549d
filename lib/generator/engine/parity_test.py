"""The native engine against the reference: equal bytes for every feature, equal refusals, equal fuzz."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from generator import engine
from generator.bindings import ensure
from generator.engine import reference
from generator.engine.testing import native, processes

SEEDS = (1, 20)
"""Each seed is four configurations of every resource kind of the seam, and a walk through its references."""
_SHOWN = 40
"""Lines of a difference that a failure shows."""


@pytest.fixture(scope="session")
def made_natively(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    out = tmp_path_factory.mktemp("native") / "made.json"
    made: dict[str, Any] = json.loads(processes.run("native", ensure(), out, SEEDS))
    return made


@pytest.fixture(scope="session")
def made_by_the_reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    try:
        reference.packaged_node()
    except engine.EngineError as error:
        pytest.skip(str(error))
    out = tmp_path_factory.mktemp("jsii") / "made.json"
    made: dict[str, Any] = json.loads(processes.run("jsii", ensure(), out, SEEDS))
    return made


def test_every_feature_is_equal(made_by_the_reference: dict[str, Any], made_natively: dict[str, Any]) -> None:
    expected = made_by_the_reference["features"]
    failed = [f"{name}: {made}" for name, made in expected.items() if isinstance(made, str)]
    assert not failed, "\n".join(failed)
    assert len(expected) > 20
    assert_equal(expected, made_natively["features"])


@pytest.mark.parametrize("seed", [str(seed) for seed in SEEDS])
def test_every_kind_of_the_seam_is_equal_in_random_configurations(
    seed: str, made_by_the_reference: dict[str, Any], made_natively: dict[str, Any]
) -> None:
    expected = made_by_the_reference["fuzz"][seed]
    kinds = sum(len(stack.get(part, {})) for stack in expected.values() for part in ("resource", "data"))
    assert kinds == len(expected) > 30
    assert_equal(expected, made_natively["fuzz"][seed])


def test_both_refuse_the_same_mistakes(made_by_the_reference: dict[str, Any], made_natively: dict[str, Any]) -> None:
    native.activate()
    from generator.engine.testing.errors import MISTAKES

    assert len(MISTAKES) > 20
    for name, (pattern, _) in MISTAKES.items():
        for made in (made_by_the_reference, made_natively):
            message = made["mistakes"][name]
            assert message.startswith(("EngineError: ", "TypeError: ")), f"{name}: {message}"
            assert re.search(pattern, message), f"{name}: {message}"


def test_the_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    first, second = (
        processes.run("native", ensure(), tmp_path / f"{seed}.json", [3], {"PYTHONHASHSEED": seed}) for seed in "01"
    )
    assert first == second


def assert_equal(expected: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    assert sorted(expected) == sorted(found)
    differing = [name for name in expected if processes.text(expected[name]) != processes.text(found[name])]
    if differing:
        name = differing[0]
        lines = difflib.unified_diff(
            processes.text(expected[name]).splitlines(),
            found[name].splitlines() if isinstance(found[name], str) else processes.text(found[name]).splitlines(),
            "reference",
            "native",
            lineterm="",
        )
        shown = "\n".join([line for line, _ in zip(lines, range(_SHOWN))])
        pytest.fail(f"{len(differing)} differ: {', '.join(differing)}\n{name}:\n{shown}", pytrace=False)

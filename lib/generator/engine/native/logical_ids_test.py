from __future__ import annotations

import pytest

from generator.engine.errors import EngineError
from generator.engine.native.logical_ids import unique_id


@pytest.mark.parametrize(
    ("path", "id"),
    [
        (["sa"], "sa"),
        (["a.b c-d_é"], "abc-d_"),
        (["Default", "sa", "Default"], "sa"),
        (["Resource"], "Resource"),
        (["scope", "sa"], "scope_sa_AF3990F5"),
        (["scope", "Resource"], "scope_2C49C372"),
        (["a-scope", "scope", "x"], "a-scope_x_D2BEBC90"),
    ],
)
def test_ids(path: list[str], id: str) -> None:
    assert unique_id(path) == id


def test_paths_that_read_alike_stay_apart() -> None:
    assert unique_id(["a", "bc"]) != unique_id(["ab", "c"]) != unique_id(["a-b", "c"])


def test_long_ids_are_cut_before_the_hash() -> None:
    assert len(unique_id(["x" * 300])) == 240 + 1 + 8
    assert len(unique_id(["x" * 255])) == 255


def test_nothing_has_no_id() -> None:
    with pytest.raises(EngineError):
        unique_id(["Default"])

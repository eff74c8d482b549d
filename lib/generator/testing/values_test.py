from __future__ import annotations

from typing import Any

import pytest
from generator.terraform.schema import Block
from generator.testing.protocol import MESSAGES
from generator.testing.values import SECRET, UNKNOWN, applied, decode, encode, is_unknown, made_up, opened, planned

_BLOCK: Block = {
    "attributes": {
        "name": {"js": "name", "type": "string", "required": True},
        "size": {"js": "size", "type": "number", "optional": True},
        "id": {"js": "id", "type": "string", "computed": True},
        "secret_wo": {"js": "secretWo", "type": "string", "optional": True, "write_only": True},
    },
    "blocks": {
        "disk": {
            "js": "disk",
            "nesting": "list",
            "block": {"attributes": {"path": {"js": "path", "type": "string", "computed": True}}, "blocks": {}},
        }
    },
}


def _object(**given: Any) -> dict[str, Any]:
    return {"name": "n", "size": None, "id": None, "secret_wo": None, "disk": [{"path": None}], **given}


def test_values_travel_both_ways() -> None:
    value = {"a": [1, "x", None, True], "u": UNKNOWN}
    assert decode(MESSAGES["DynamicValue"](msgpack=encode(value))) == value
    assert decode(MESSAGES["DynamicValue"](json=b'{"a": 1}')) == {"a": 1}
    assert decode(MESSAGES["DynamicValue"]()) is None


def test_a_plan_leaves_open_what_is_not_given_and_drops_what_is_write_only() -> None:
    value = planned(_object(secret_wo="s"), _BLOCK)
    assert (value["name"], value["secret_wo"]) == ("n", None)
    assert is_unknown(value["size"])
    assert is_unknown(value["id"])
    assert is_unknown(value["disk"][0]["path"])
    assert planned(_object(size=3), _BLOCK)["size"] == 3


def test_an_apply_makes_up_what_was_left_open() -> None:
    value = applied(planned(_object(secret_wo="s"), _BLOCK), _BLOCK, "x")
    assert value == {
        "name": "n",
        "size": 0,
        "id": "made-up-x.id",
        "secret_wo": None,
        "disk": [{"path": "made-up-x.disk.path"}],
    }


def test_an_open_ephemeral_resource_holds_the_made_up_secret() -> None:
    assert opened(_object(), _BLOCK)["id"] == SECRET


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("string", "made-up-x"),
        ("number", 0),
        ("bool", False),
        ("dynamic", None),
        (["list", "number"], [0]),
        (["set", "string"], []),
        (["map", "string"], {}),
        (["object", {"a": "bool"}], {"a": False}),
        (["list", ["object", {"a": "string"}]], [{"a": "made-up-x.a"}]),
    ],
)
def test_made_up_values_have_the_type(kind: Any, expected: Any) -> None:
    assert made_up(kind, "x") == expected

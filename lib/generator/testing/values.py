"""Terraform's values as they travel to a provider, and made-up ones for what only a real provider would know.

The encoding is docs/plugin-protocol/object-wire-format.md of https://github.com/hashicorp/terraform: MessagePack,
where an unknown value is an extension object.
"""

from __future__ import annotations

import json
from typing import Any

import msgpack  # type: ignore[import-untyped,unused-ignore]
from generator.terraform.schema import Block, Type

UNKNOWN = msgpack.ExtType(0, b"\0")
SECRET = "made-up-secret-value"
"""The value of every ephemeral attribute; finding it in a plan or state means that a secret would be stored there."""


def decode(value: Any) -> Any:
    """The object in a DynamicValue message, None for null."""
    if value.msgpack:
        return msgpack.unpackb(value.msgpack, raw=False, strict_map_key=False)
    return json.loads(value.json) if value.json else None


def encode(value: Any) -> bytes:
    """The `msgpack` of a DynamicValue message."""
    packed: bytes = msgpack.packb(value, use_bin_type=True)
    return packed


def is_unknown(value: Any) -> bool:
    """Whether the value is known only after the apply."""
    return isinstance(value, msgpack.ExtType)


def nested_objects(value: Any, nesting: str) -> list[Any]:
    """The known objects of a nested block."""
    if value is None or is_unknown(value):
        return []
    if isinstance(value, list):
        objects = value
    else:
        objects = list(value.values()) if nesting == "map" else [value]
    return [item for item in objects if item is not None and not is_unknown(item)]


def planned(value: dict[str, Any], block: Block) -> dict[str, Any]:
    """A new object as a provider plans it: what is not given becomes unknown, what is write-only is not kept.

    An optional argument that is not given may be computed; the bindings do not tell which are, so all become unknown.
    """
    for name, attribute in block["attributes"].items():
        if attribute.get("write_only"):
            value[name] = None
        elif value.get(name) is None and not attribute.get("required"):
            value[name] = UNKNOWN
    for name, block_type in block["blocks"].items():
        if name != "timeouts":
            for item in nested_objects(value.get(name), block_type["nesting"]):
                planned(item, block_type["block"])
    return value


def applied(value: dict[str, Any], block: Block, path: str) -> dict[str, Any]:
    """The object with a made-up value in place of every unknown one; `path` is part of made-up strings."""
    for name, attribute in block["attributes"].items():
        if attribute.get("write_only"):
            value[name] = None
        elif is_unknown(value.get(name)) or (value.get(name) is None and attribute.get("computed")):
            value[name] = made_up(attribute["type"], f"{path}.{name}")
    for name, block_type in block["blocks"].items():
        if is_unknown(value.get(name)):
            value[name] = []
        for item in nested_objects(value.get(name), block_type["nesting"]):
            applied(item, block_type["block"], f"{path}.{name}")
    return value


def opened(value: dict[str, Any], block: Block) -> dict[str, Any]:
    """The object of an ephemeral resource: every computed string is the made-up secret."""
    for name, attribute in block["attributes"].items():
        if value.get(name) is None and attribute.get("computed"):
            value[name] = SECRET if attribute["type"] == "string" else made_up(attribute["type"], name)
    return value


def made_up(kind: Type, path: str) -> Any:
    """A value of the type. Lists of objects have one, so that the first can be referred to."""
    if isinstance(kind, str):
        return {"string": f"made-up-{path}", "number": 0, "bool": False}.get(kind)
    if kind[0] == "object":
        return {name: made_up(inner, f"{path}.{name}") for name, inner in kind[1].items()}
    if kind[0] == "list":
        return [made_up(kind[1], path)]
    return {} if kind[0] == "map" else []

"""Python values on their way into the kernel, as the jsii package would send them to JavaScript.

Lists and maps are copied (a list changed after it was passed has no effect), structs lose the properties that were
not given, objects of the bindings become their peers.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

from generator.engine.errors import EngineError, Unsupported
from generator.engine.native.schema import Block, Property
from generator.engine.native.tokens import Resolvable
from generator.engine.native.tree import Peer

PEER = "__native_peer__"
"""The attribute of the bindings' objects that holds their peer."""


def incoming(value: Any) -> Any:
    """A value of any type; structs become maps with JavaScript names."""
    if value is None or isinstance(value, (str, bool, int, float, Resolvable)):
        return value
    if isinstance(value, (list, tuple)):
        return [incoming(item) for item in value]
    if isinstance(value, Mapping):
        return {_text_key(key): incoming(item) for key, item in value.items()}
    peer = getattr(value, PEER, None)
    if peer is not None:
        return peer
    if is_struct(value):
        names = value.__jsii_name_mapping__
        return {names[py]: incoming(item) for py, item in value._values.items()}
    if isinstance(value, enum.Enum):
        raise Unsupported(f"the enum value {value}")
    if callable(value):
        raise EngineError(f"Cannot pass function as argument here (did you mean to call this function?): {value!r}")
    raise Unsupported(f"a value of type {type(value).__name__} in a configuration")


def is_struct(value: Any) -> bool:
    """Is the value a data type of the bindings (a keyword-only bag of properties)?"""
    return hasattr(type(value), "__jsii_name_mapping__")


def configuration(value: Any, block: Block) -> Any:
    """What the generated JavaScript writes for a struct of `block`: a map with Terraform's names.

    Lists of structs are written item by item; a token or a reference in place of a struct stays what it is.
    """
    if is_struct(value):
        known = block.by_struct.setdefault(type(value), {})
        written = {}
        for py, item in value._values.items():
            if item is None:
                continue
            if py not in known:
                known[py] = property_of(value, py, block)
            tf, prop = known[py]
            written[tf] = argument(item, prop)
        return written
    if isinstance(value, (list, tuple)):
        return [configuration(item, block) for item in value]
    if isinstance(value, Mapping) and not all(isinstance(key, str) and "{TfToken[" in key for key in value):
        raise Unsupported(f"a map in place of a struct: {sorted(map(str, value))}", "pass the struct of the bindings")
    if value is None or isinstance(value, (str, Resolvable, Mapping)):
        return value
    peer = getattr(value, PEER, None)
    if isinstance(peer, Resolvable) and isinstance(peer, Peer):
        return peer
    raise Unsupported(f"a value of type {type(value).__name__} in place of a struct")


def property_of(struct: Any, py: str, block: Block) -> tuple[str, Property]:
    """The Terraform name and the property behind a struct's Python property."""
    prop = block.get(struct.__jsii_name_mapping__[py])
    if prop is None:
        raise Unsupported(f"{type(struct).__name__}.{py}, which is not in the recovered schema")
    return prop.tf, prop


def argument(value: Any, prop: Property) -> Any:
    """What the generated JavaScript writes for one property of a block."""
    if prop.type is not None or prop.block is None:
        return incoming(value)
    if prop.is_map and isinstance(value, Mapping):
        return {_text_key(key): configuration(item, prop.block) for key, item in value.items()}
    return configuration(value, prop.block)


def _text_key(key: Any) -> str:
    if not isinstance(key, str):
        raise Unsupported(f"the map key {key!r}", "keys of maps are strings")
    return key

"""Python values on their way into the kernel, as the jsii package would send them to JavaScript.

Lists and maps are copied (a list changed after it was passed has no effect), structs lose the properties that were
not given, objects of the bindings become their peers.
"""

from __future__ import annotations

import enum
from typing import Any

from generator.engine.errors import EngineError, Unsupported
from generator.engine.native.schema import Block, Property
from generator.engine.native.tokens import Resolvable

PEER = "__native_peer__"
"""The attribute of the bindings' objects that holds their peer."""


def incoming(value: Any) -> Any:
    """A value of any type; structs become maps with JavaScript names.

    Raises EngineError for what jsii cannot send (tuples, sets, mappings that are no dict, functions, other objects).
    """
    if value is None or isinstance(value, (str, bool, int, float, Resolvable)):
        return value
    if isinstance(value, list):
        return [incoming(item) for item in value]
    if isinstance(value, dict):
        return {_text_key(key): incoming(item) for key, item in value.items()}
    peer = getattr(value, PEER, None)
    if peer is not None:
        return peer
    if is_struct(value):
        names = value.__jsii_name_mapping__
        return {names[py]: incoming(item) for py, item in value._values.items()}
    if isinstance(value, enum.Enum) or hasattr(value, "__jsii_type__"):
        raise Unsupported(f"a value of type {type(value).__name__}")
    if callable(value):
        raise EngineError(f"Cannot pass function as argument here (did you mean to call this function?): {value!r}")
    raise EngineError(not_passable(type(value).__name__))


def not_passable(type_name: str) -> str:
    """Why a Python value cannot be an argument, in the words of both engines."""
    hint = {"tuple": ": pass a list", "set": ": pass a sorted list", "mappingproxy": ": pass a dict"}.get(type_name, "")
    return f"CDKTF takes no value of type {type_name}{hint}"


def is_struct(value: Any) -> bool:
    """Is the value a data type of the bindings (a keyword-only bag of properties)?"""
    return hasattr(type(value), "__jsii_name_mapping__")


_LONGEST_SHOWN = 60
"""Characters of a value in a message."""


class Mistyped(EngineError):
    """A value of another type than its argument has; jsii refuses it when it is passed."""


def configuration(value: Any, block: Block) -> dict[str, Any]:
    """What the generated JavaScript writes for a struct of `block`: a map with Terraform's names."""
    known = block.by_struct.setdefault(type(value), {})
    written = {}
    for py, item in value._values.items():
        if item is None:
            continue
        if py not in known:
            known[py] = _property(value, py, block)
        prop = known[py]
        written[prop.tf] = argument(item, prop)
    return written


def _property(struct: Any, py: str, block: Block) -> Property:
    prop = block.get(struct.__jsii_name_mapping__[py])
    if prop is None:
        raise Unsupported(f"{type(struct).__name__}.{py}, which is not in the recovered schema")
    return prop


def argument(value: Any, prop: Property) -> Any:
    """What the generated JavaScript writes for one property of a block.

    Raises Mistyped, and Unsupported for what stands in the place of a struct and is none.
    """
    if prop.type is not None or prop.block is None:
        passed = incoming(value)
        _check(passed, prop)
        return passed
    if prop.is_map and isinstance(value, dict):
        return {_text_key(key): _struct(item, prop, prop.block) for key, item in value.items()}
    if prop.indexed or not (prop.is_list or prop.is_set):
        return _struct(value, prop, prop.block)
    if isinstance(value, list):
        return [_struct(item, prop, prop.block) for item in value]
    return _reference(value, prop, "a list of structs")


def _struct(value: Any, prop: Property, block: Block) -> Any:
    if is_struct(value):
        return configuration(value, block)
    if prop.indexed:  # the reference would take the struct's properties from the reference, one by one
        raise Unsupported(f"{prop.tf} given as {type(value).__name__}", "pass the struct of the bindings")
    return _reference(value, prop, "a struct")


def _reference(value: Any, prop: Property, expected: str) -> Any:
    """A reference to something else, which stays one until it is resolved."""
    passed = getattr(value, PEER, value)
    if isinstance(passed, Resolvable):
        return passed
    if isinstance(value, dict):
        raise Unsupported(f"a map in the place of {expected} in {prop.tf}", "pass the struct of the bindings")
    raise _mistyped(value, prop, expected)


_SCALARS: dict[Any, tuple[str, tuple[type, ...]]] = {
    "string": ("a string", (str, Resolvable)),
    "number": ("a number", (int, float, Resolvable)),
    "bool": ("a boolean", (bool, Resolvable)),
}


def _check(value: Any, prop: Property) -> None:
    of_type = prop.type
    if isinstance(of_type, str):
        expected, types = _SCALARS.get(of_type, ("", (object,)))
        if not isinstance(value, types) or (value is True or value is False) and of_type == "number":
            raise _mistyped(value, prop, expected)
    elif of_type and not isinstance(value, Resolvable):
        if not isinstance(value, dict if of_type[0] == "map" else list):
            raise _mistyped(value, prop, f"a {of_type[0]}")
        items = value.values() if isinstance(value, dict) else value
        wrong = [item for item in items if item is not None and not isinstance(item, (str, Resolvable))]
        if of_type[1] == "string" and wrong:
            raise _mistyped(wrong[0], prop, f"a {of_type[0]} of strings, and in it a string")


def _mistyped(value: Any, prop: Property, expected: str) -> Mistyped:
    shown = repr(value) if len(repr(value)) <= _LONGEST_SHOWN else repr(value)[:_LONGEST_SHOWN] + "…"
    return Mistyped(f"{prop.tf}: expected {expected}, found {shown} ({type(value).__name__})")


def _text_key(key: Any) -> str:
    if not isinstance(key, str):
        raise Unsupported(f"the map key {key!r}", "keys of maps are strings")
    return key

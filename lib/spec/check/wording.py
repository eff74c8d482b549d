"""A value of the wrong form → what is found, what is expected, how to mend it. No word of pydantic's gets through."""

from __future__ import annotations

import re
from difflib import get_close_matches

from ..document import Mapping, Misread, Node, Scalar, describe
from ..findings import Finding, Keys, listed, shortened
from ..shapes import Key, Shape
from .suggest import plain_number, suggestion


def wrong_value(keys: Keys, node: Node, shape: Shape, key: Key | None) -> Finding:
    """The finding about the value at a key path that the shape does not allow.

    key  the key it is the value of; None for an item of a list or map
    """
    plain = shape.item if shape.kind == "tiered" and shape.item is not None else shape
    found, expected = describe(node), shape.expected
    if not isinstance(node, Scalar):
        return Finding(keys, "wrong-type", expected, _mend_structure(plain, node), found)
    if node.is_empty:
        fix = "delete the line" if key is not None and not key.required else "write the value after the colon"
        return Finding(keys, "empty-value", expected, fix, found)
    if isinstance(node.value, Misread):
        return Finding(keys, "ambiguous-value", expected, _unambiguous(plain, node), found)
    code = _code(plain, node)
    if code == "invalid-value" and plain.maximum is not None and len(node.text) > plain.maximum:
        found += f" ({len(node.text)} characters)"
    quantity = _quantity(plain, node, key) if code == "wrong-type" else None
    return Finding(keys, code, expected, quantity or _mend(plain, node, code), found)


def _quantity(shape: Shape, node: Scalar, key: Key | None) -> str | None:
    """The edit that turns a quantity with its unit into the number meant; None where it is no such quantity."""
    if shape.kind != "integer" or key is None or node.text.isdecimal():
        return None
    meant = plain_number(node.text, key.unit)
    if meant is None or not (shape.minimum or 0) <= meant <= (shape.maximum or meant):
        return None
    return f"write {meant}" if key.unit is None else f"write {meant} ({key.unit})"


def _code(shape: Shape, node: Scalar) -> str:
    if shape.kind == "choice":
        return "unknown-value" if type(node.value) is type(shape.choices[0]) else "wrong-type"
    if type(node.value) in {"integer": (int,), "number": (int, float)}.get(shape.kind, ()):
        return "out-of-range"
    return "invalid-value" if shape.kind == "text" and isinstance(node.value, str) else "wrong-type"


def _mend(shape: Shape, node: Scalar, code: str) -> str:
    """The edit that mends a single value."""
    if code == "out-of-range":
        return f"write {_nearest_number(node.value, shape)}, the nearest that is allowed"
    if code == "unknown-value":
        choices = [str(choice) for choice in shape.choices]
        nearest = nearest_name(node.text, choices) or (choices[0] if len(choices) == 1 else None)
        return f"write {nearest}" if nearest else f"write {listed(choices)}"
    if code == "invalid-value":
        return _mend_text(shape, node.text)
    if shape.kind == "text":
        return _quoted(shape, node)
    if shape.kind in ("integer", "number", "boolean", "choice"):
        return "write it without quotes" if _means(shape, node) else f"write {shape.expected}"
    if shape.kind == "list" and shape.item is not None and shape.item.kind == "section":
        return "write its items on the lines below, each with `- ` before its first key"
    if shape.kind == "list":
        return f"put it in brackets: [{shortened(node.text)}]"
    return _MAPPING


def _mend_text(shape: Shape, text: str) -> str:
    meant = suggestion(text, shape)
    if meant is not None:
        return f"write {meant}"
    if shape.expect is not None and shape.expect.fix is not None:
        return shape.expect.fix
    if shape.maximum is not None and len(text) > shape.maximum:
        return f"shorten it by {len(text) - shape.maximum}"
    return "change it to that form"


def _mend_structure(shape: Shape, node: Node) -> str:
    """The edit that mends a mapping or list where something else belongs."""
    if shape.kind in ("section", "map"):
        return _MAPPING
    if shape.kind == "list":
        return "write `- ` before each item"
    kind = "mapping" if isinstance(node, Mapping) else "list"
    return f"write a single value in place of the {kind}"


_MAPPING = "write its keys on the lines below, each with a colon, indented by two spaces"


def _unambiguous(shape: Shape, node: Scalar) -> str:
    if shape.kind == "boolean":
        return "write true or false"
    if shape.kind in ("integer", "number") or (shape.kind == "choice" and isinstance(shape.choices[0], int)):
        return "write the number in plain decimal digits"
    return _quoted(shape, node)


def _quoted(shape: Shape, node: Scalar) -> str:
    """Quotes make text of it; where such a text is not allowed either, what is."""
    if shape.pattern is None or re.search(shape.pattern, node.text):
        return f'put it in quotes: "{node.text}"' if len(node.text) <= 60 else "put it in quotes"
    return _mend_text(shape, node.text)


def _means(shape: Shape, node: Scalar) -> bool:
    """Whether the quotes alone are wrong."""
    if not node.quoted:
        return False
    if shape.kind == "boolean":
        return node.text in ("true", "false")
    if shape.kind == "number":
        return re.fullmatch(r"[0-9]+(\.[0-9]+)?", node.text) is not None
    return node.text.isdecimal() if shape.kind == "integer" else node.text in map(str, shape.choices)


def _nearest_number(value: int | float, shape: Shape) -> int | float | None:
    if shape.minimum is not None and value < shape.minimum:
        return shape.minimum
    return shape.maximum


def nearest_name(name: str, names: list[str]) -> str | None:
    """The name most like this one, whatever its capitals and separators; None where none is like it."""
    flat = {candidate.lower(): candidate for candidate in names}
    match = get_close_matches(name.lower().replace("_", "").replace("-", ""), flat, n=1, cutoff=0.7)
    return flat[match[0]] if match else None

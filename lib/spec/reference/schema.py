"""JSON Schema (draft-07, which yaml-language-server knows best) of a root section.

Everything is written out in place, without references: the model does not recurse, editors show each description where
the cursor is, and draft-07 would ignore what stands beside a reference.
"""

from __future__ import annotations

from typing import Any

from ..findings import listed
from ..model.base import Section
from ..shapes import Key, Shape, keys_of

Schema = dict[str, Any]


def document_schema(section: type[Section], *, title: str, description: str) -> Schema:
    """The schema of a whole file."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": title,
        "description": description,
        **_section(section),
    }


def _section(section: type[Section]) -> Schema:
    keys = keys_of(section)
    schema: Schema = {"type": "object", "additionalProperties": False}
    if required := [key.name for key in keys if key.required]:
        schema["required"] = required
    schema["properties"] = {key.name: _key(key) for key in keys}
    return schema


def _key(key: Key) -> Schema:
    schema: Schema = {"description": description(key), **_shape(key.shape)}
    if not key.required and key.default_text is None and isinstance(key.default, str | int | bool | tuple | dict):
        schema["default"] = list(key.default) if isinstance(key.default, tuple) else key.default
    if key.examples:
        schema["examples"] = list(key.examples)
    return schema


def description(key: Key) -> str:
    """The key's description with everything about it that a schema has no words for."""
    sentences = [key.description]
    if key.default_text is not None:
        sentences.append(f"Default: {key.default_text}.")
    if key.unit is not None and key.shape.kind != "text":
        sentences.append(f"Unit: {key.unit}.")
    if key.immutable:
        sentences.append("⚠ Immutable: changing it destroys and makes anew what it names.")
    if key.only:
        sentences.append(f"Only for kind {listed(key.only)}.")
    if key.source is not None:
        sentences.append(f"See {key.source}")
    return " ".join(sentences)


def _shape(shape: Shape) -> Schema:
    if shape.kind == "section":
        assert shape.section is not None
        return _section(shape.section)
    if shape.kind == "tiered":
        assert shape.item is not None and shape.section is not None
        return {"anyOf": [_shape(shape.item), _section(shape.section)]}
    if shape.kind == "choice":
        kind = "integer" if isinstance(shape.choices[0], int) else "string"
        return {"type": kind, "enum": list(shape.choices)}
    if shape.kind == "boolean":
        return {"type": "boolean"}
    if shape.kind in ("integer", "number"):
        return {"type": shape.kind, **_bounds(shape, "minimum", "maximum")}
    if shape.kind == "text":
        pattern = {"pattern": shape.pattern} if shape.pattern else {}
        return {"type": "string", **_bounds(shape, "minLength", "maxLength"), **pattern}
    assert shape.item is not None
    if shape.kind == "list":
        unique = {} if shape.item.kind == "section" else {"uniqueItems": True}
        return {"type": "array", **_bounds(shape, "minItems", "maxItems"), **unique, "items": _shape(shape.item)}
    assert shape.name is not None
    names = {name: value for name, value in _shape(shape.name).items() if name != "type"}
    return {
        "type": "object",
        **_bounds(shape, "minProperties", "maxProperties"),
        "propertyNames": names,
        "additionalProperties": _shape(shape.item),
    }


def _bounds(shape: Shape, minimum: str, maximum: str) -> Schema:
    bounds = {minimum: shape.minimum, maximum: shape.maximum}
    return {name: bound for name, bound in bounds.items() if bound is not None}

"""CDKTF's deepMerge and snake case (util), which put a stack's fragments and overrides together."""

from __future__ import annotations

import re
from typing import Any

from generator.engine.errors import EngineError, Unsupported
from generator.engine.native.tokens import Resolvable

_EDGES = re.compile(r"^[^A-Za-z0-9]*|[^A-Za-z0-9]*$")
_HUMP = re.compile(r"([a-z0-9])([A-Z])")
_JOINTS = re.compile(r"[^A-Za-z0-9]+|_+")
_KEPT_AS_WRITTEN = frozenset({"tags", "environment"})


def deep_merge(target: dict[str, Any], source: dict[str, Any], *, resolved: bool = False) -> dict[str, Any]:
    """Merge `source` into `target` and return it: maps are merged, lists are joined.

    None removes the key, because it means "not given"; in `resolved` values it is Terraform's null.
    """
    for key, value in source.items():
        if isinstance(value, dict):
            current = target.get(key)
            if isinstance(current, dict):
                deep_merge(current, value, resolved=resolved)
            elif isinstance(current, list):
                target[key] = _merged_into_list(current, value)
            elif isinstance(current, Resolvable):
                raise EngineError(f"cannot override parts of {key}, which only Terraform knows")
            else:
                target[key] = deep_merge({}, value, resolved=resolved)
        elif isinstance(value, list) and isinstance(target.get(key), list):
            target[key] = [*target[key], *value]
        elif value is None and not resolved:
            target.pop(key, None)
        else:
            target[key] = value
    return target


def _merged_into_list(current: list[Any], source: dict[str, Any]) -> list[Any]:
    """`add_override("env.0.value", …)`: whole numbers address the list's items."""
    target = list(current)
    for key, value in source.items():
        index = int(key) if key.isascii() and key.isdigit() else None
        if index is None or index > len(target) or value is None:
            raise Unsupported(f"an override of {key!r} in a list of {len(target)} items")
        if index == len(target):
            target.append(deep_merge({}, value) if isinstance(value, dict) else value)
        elif isinstance(value, dict) and isinstance(target[index], dict):
            target[index] = deep_merge(dict(target[index]), value)
        else:
            target[index] = value
    return target


def snake_case(text: str) -> str:
    """`createBeforeDestroy` → `create_before_destroy`; everything but letters and digits becomes `_`."""
    text = _EDGES.sub("", text)
    text = _HUMP.sub(lambda found: f"{found[1]}_{found[2].lower()}", text)
    return _JOINTS.sub("_", text).lower()


def keys_to_snake_case(value: Any) -> Any:
    """Snake-case every key in the value, also of maps that an author wrote; what is in `tags` stays."""
    if isinstance(value, list):
        return [keys_to_snake_case(item) if isinstance(item, (dict, list)) else item for item in value]
    if not isinstance(value, dict) or isinstance(value, Resolvable):
        return value
    return {
        key if key in _KEPT_AS_WRITTEN else snake_case(key): item
        if key in _KEPT_AS_WRITTEN
        else keys_to_snake_case(item)
        for key, item in value.items()
    }

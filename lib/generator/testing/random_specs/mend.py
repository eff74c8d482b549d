"""Puts right what the findings about a document name, without knowing any rule: the value is drawn again, or left out.

So a new rule lowers the part of random specs that are accepted by a little and not to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from spec.diagnostics import Diagnostic
from spec.findings import Keys, dotted
from spec.model.base import Section
from spec.shapes import Key, key_at, shape_at

from generator.testing.random_specs.draw import ABSENT, At, Document, Draw

ROUNDS = 8


def mended(draw: Draw, root: type[Section], check: Callable[[Document], Sequence[Diagnostic]]) -> int:
    """Change `draw.document` until nothing is found; the rounds it took, -1 where it was given up."""
    for round in range(ROUNDS + 1):
        findings = [found for found in check(draw.document) if found.severity == "error"]
        if not findings:
            return round
        keys = [found for finding in findings if (found := _keys(finding.key, draw.document)) is not None]
        for path in _outermost_last(keys):
            _change(draw, root, path, patience=round)
    return -1


def _outermost_last(paths: list[Keys]) -> list[Keys]:
    """Each path once, later items of a list first, so that a deletion moves nothing that is still to come."""

    def order(path: Keys) -> list[tuple[bool, str]]:
        return [(isinstance(part, str), str(part).zfill(4)) for part in path]

    return sorted(set(paths), key=order, reverse=True)


def _change(draw: Draw, root: type[Section], keys: Keys, patience: int) -> None:
    """Draw one value again, take it away, or, where neither has helped, do so with what is around it."""
    if draw.rng.random() < 0.15 * patience and len(keys) > 2:
        keys = keys[:-1]
    while keys:
        holder = _at(draw.document, keys[:-1])
        if not isinstance(holder, (dict, list)):
            keys = keys[:-1]
            continue
        last = keys[-1]
        key = key_at(root, keys)
        optional = key is None or not key.required
        exists = last in holder if isinstance(holder, dict) else isinstance(last, int) and last < len(holder)
        if not exists and isinstance(holder, list):
            return
        if exists and optional and draw.rng.random() < 0.5:
            del holder[last]  # type: ignore[arg-type]
            return
        value = _again(draw, root, keys, holder, key)
        if value is not ABSENT:
            if isinstance(holder, dict):
                holder[str(last)] = value
            elif exists:
                holder[last] = value  # type: ignore[index]
            return
        if exists and optional:
            del holder[last]  # type: ignore[arg-type]
            return
        keys = keys[:-1]


def _again(draw: Draw, root: type[Section], keys: Keys, holder: Any, key: Key | None) -> Any:
    path = _general(root, keys)
    if key is not None:
        return draw.of_key(key, holder, keys[:-1], path[:-1], always=True)
    shape = shape_at(root, keys)
    return ABSENT if shape is None else draw.value(At(draw, keys, path, shape, holder))


def _general(root: type[Section], keys: Keys) -> Keys:
    """The path with `[]` for indexes and `<name>` for names of a map."""
    path: list[str | int] = []
    for depth, part in enumerate(keys):
        around = shape_at(root, keys[:depth])
        is_map = around is not None and around.kind == "map"
        path.append("[]" if isinstance(part, int) else "<name>" if is_map else part)
    return tuple(path)


def _at(document: Any, keys: Keys) -> Any:
    """What stands at a key path; None where there is nothing."""
    for key in keys:
        is_item = isinstance(document, list) and isinstance(key, int) and key < len(document)
        if not is_item and not (isinstance(document, dict) and key in document):
            return None
        document = document[key]
    return document


def _keys(text: str, document: Document) -> Keys | None:
    """The key path that a finding shows: `dotted` the other way round, as far as names in it need no quotes."""
    keys = tuple(int(part[1:-1]) if part[0] == "[" else part for part in re.findall(r"\[\d+\]|[^.\[\]]+", text))
    return keys if keys and dotted(keys) == text else None

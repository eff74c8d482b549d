"""Damage to a spec as it happens in editors, in merges and by malice: to what it says, and to how it is written."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import yaml

from generator.testing.random_specs.texts import HOSTILE

SCALARS: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 10**30, 2**63, -(2**31), 0.5, float("inf"), float("nan"), 1e300, "", " ", "no", "1:30",
    "x" * 5000, "\u202e", "\x7f", "\ud7ff", "é" * 70, "0" * 40, date(2026, 2, 28), [], {}, [[]], [None], {"": ""},
    {"value": 1}, {"value": None, "reason": "because it is so"}, {"plain": 1}, [1, "1"], "*a", "&a", "!!str x", "|", "- a",
    "{{ dnsName }}", "{{", "512MB", "roles/owner", "projects/a/secrets/b", "allUsers", "sha256:" + "g" * 64, "@daily",
    "* * * * *", "L L L L L", "61 0 * * *", "2026-02-30", "../..", "/", "thing@1", "external", "job", "rollout", *HOSTILE,
)  # fmt: skip

LINES = (
    "\tid: x", "  - ", "-", "? a", ": b", "<<: *a", "a: &a [*a]", "--- ", "...", "%YAML 1.1", "!!python/object:os.system x",
    "service:", "  id: again", "environments: []", "key: 'open", 'key: "\\q"', "key: [1, {", "\u2028", "\ufeff", "\x00",
    "x: |2", "x: >+", "0: 0", "~: ~", "[a]: b", "true: yes", "a: b: c", "@x", "`x", "# " + "c" * 300, "é: 中", "\r", "   ",
)  # fmt: skip


def spoiled(document: Any, rng: Random) -> str:
    """The document as text, with one to four things wrong."""
    document = copy.deepcopy(document)
    for _ in range(rng.choice((0, 1, 1, 2))):
        _change(document, rng)
    text = _written(document, rng)
    for _ in range(rng.choice((0, 0, 1, 2))):
        text = rng.choice(_TEXT)(text, rng)
    return text


def _change(document: Any, rng: Random) -> None:
    """Replace, remove, rename, double or move something."""
    paths = _paths(document)[1:]
    if not paths:
        return
    parent, last = _parent(document, rng.choice(paths))
    action = rng.choice(("replace", "replace", "remove", "rename", "double", "borrow", "nest", "many"))
    if action == "remove":
        del parent[last]
    elif action == "rename" and isinstance(parent, dict):
        parent[rng.choice((f"{last}s", str(last).upper(), "_".join(str(last)), "id", "value", "[key]", 1, None))] = (
            parent.pop(last)
        )
    elif action == "double" and isinstance(parent, list):
        parent.append(copy.deepcopy(parent[last]))
    elif action == "borrow":
        other, name = _parent(document, rng.choice(paths))
        if isinstance(other, (dict, list)) and (name in other if isinstance(other, dict) else name < len(other)):
            parent[last] = copy.deepcopy(other[name])
    elif action == "nest":
        parent[last] = rng.choice(([parent[last]], {"value": parent[last]}, {str(last): parent[last]}))
    elif action == "many" and isinstance(parent, list):
        parent.extend(copy.deepcopy(parent[last]) for _ in range(rng.choice((3, 30))))
    else:
        parent[last] = copy.deepcopy(rng.choice(SCALARS))


def _parent(document: Any, path: tuple[Any, ...]) -> tuple[Any, Any]:
    for key in path[:-1]:
        document = document[key]
    return document, path[-1]


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, item in below for deeper in _paths(item, (*path, key)))]


def _written(document: Any, rng: Random) -> str:
    """With aliases or without, in blocks or in flow, escaped or not."""
    text: str = yaml.dump(
        document,
        Dumper=yaml.SafeDumper,
        allow_unicode=rng.random() < 0.7,
        default_flow_style=rng.choice((False, False, None, True)),
        sort_keys=rng.random() < 0.3,
        width=rng.choice((40, 110, 10**6)),
    )
    return text


def _put_line(text: str, rng: Random) -> str:
    lines = text.split("\n")
    lines.insert(rng.randint(0, len(lines)), rng.choice(LINES))
    return "\n".join(lines)


def _double_lines(text: str, rng: Random) -> str:
    lines = text.split("\n")
    start = rng.randrange(len(lines))
    end = min(len(lines), start + rng.randint(1, 5))
    return "\n".join([*lines[:end], *lines[start:]])


def _drop_lines(text: str, rng: Random) -> str:
    lines = text.split("\n")
    start = rng.randrange(len(lines))
    return "\n".join([*lines[:start], *lines[start + rng.randint(1, 3) :]])


def _shift_line(text: str, rng: Random) -> str:
    lines = text.split("\n")
    number = rng.randrange(len(lines))
    lines[number] = rng.choice((" ", "  ", "\t")) + lines[number]
    return "\n".join(lines)


def _put_characters(text: str, rng: Random) -> str:
    place = rng.randint(0, len(text))
    return (
        text[:place]
        + rng.choice(("\t", "\x00", "\ufeff", "\ud800", "\u2029", "'", '"', "{", "]", ":", "#", "&", "*", *HOSTILE))
        + text[place:]
    )


def _cut(text: str, rng: Random) -> str:
    return text[: rng.randint(0, len(text))]


def _end_lines_otherwise(text: str, rng: Random) -> str:
    return text.replace("\n", rng.choice(("\r\n", "\r", "\n\n", "\u0085")))


_TEXT: tuple[Callable[[str, Random], str], ...] = (
    _put_line, _double_lines, _drop_lines, _shift_line, _put_characters, _cut, _end_lines_otherwise,
)  # fmt: skip

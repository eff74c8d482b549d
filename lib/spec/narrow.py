"""Specs as a release of the generator reads them that makes the environments of some tiers only.

The other environments are made, and judged, by another version of the generator, which may know keys and values that this
one does not: so they are left out, before anything is held against the model. Those that a pipeline goes to stay, because
it is made together with what it deploys to; of them, and of platform.yaml, keys that this version does not know are left
out alone, with a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from .document import Mapping, Node, Scalar, Sequence
from .document.tree import find
from .findings import Finding, Keys


@dataclass(frozen=True)
class Narrowed:
    """What is left of a file.

    root       the tree; everything has the place and the number that it has in the file
    elsewhere  ids of the environments that were left out
    tolerates  where a key that nobody here knows may be one that another version knows
    """

    root: Mapping
    elsewhere: frozenset[str]
    tolerates: Callable[[Keys], bool]


def nothing(root: Mapping) -> Narrowed:
    """The whole file, as strictly as ever."""
    return Narrowed(root, frozenset(), lambda keys: False)


def unknown_keys(root: Mapping) -> Narrowed:
    """The whole file, except for keys that nobody here knows."""
    return Narrowed(root, frozenset(), lambda keys: True)


def other_tiers(root: Mapping, tiers: frozenset[str]) -> Narrowed | None:
    """A spec with the environments of these tiers; None where it has none of them."""
    listed = root.values.get("environments")
    if not isinstance(listed, Sequence):
        return nothing(root)
    own = [number for number, item in enumerate(listed.items) if _text(item, "tier") in tiers]
    if not own:
        return None
    stages = set(_stages(root))
    kept = [number for number, item in enumerate(listed.items) if number in own or _text(item, "id") in stages]
    foreign = {place for place, number in enumerate(kept) if number not in own}
    left_out = (_text(item, "id") for number, item in enumerate(listed.items) if number not in kept)
    environments = replace(listed, items=[listed.items[number] for number in kept], numbers=tuple(kept))
    return Narrowed(
        replace(root, values={**root.values, "environments": environments}),
        frozenset(id for id in left_out if id),
        lambda keys: len(keys) > 2 and keys[0] == "environments" and keys[1] in foreign,
    )


def tolerated(findings: tuple[Finding, ...], narrowed: Narrowed) -> tuple[Finding, ...]:
    """The findings about keys that another version may know, as warnings."""
    return tuple(
        replace(one, severity="warning", expected=f"in this version, {one.expected}", fix="nothing: this version leaves it out")
        for one in findings
        if one.code == "unknown-key" and narrowed.tolerates(one.keys)
    )


def without(root: Mapping, keys: Keys) -> Mapping:
    """The tree without the key at the end of this path."""
    *above, last = keys
    mapping = find(root, tuple(above))
    assert isinstance(mapping, Mapping)
    node: Node = replace(mapping, values={name: value for name, value in mapping.values.items() if name != last})
    for depth in reversed(range(len(above))):
        node = _with(find(root, keys[:depth]), keys[depth], node)
    assert isinstance(node, Mapping)
    return node


def _with(node: Node | None, part: str | int, value: Node) -> Node:
    if isinstance(node, Mapping):
        return replace(node, values={**node.values, str(part): value})
    assert isinstance(node, Sequence)
    return replace(node, items=[value if number == part else item for number, item in enumerate(node.items)])


def _stages(root: Mapping) -> Iterator[str]:
    stages = find(root, ("rollout", "stages"))
    for stage in stages.items if isinstance(stages, Sequence) else ():
        id = _text(stage, "environment")
        if id:
            yield id


def _text(node: Node, key: str) -> str | None:
    value = node.values.get(key) if isinstance(node, Mapping) else None
    return value.text if isinstance(value, Scalar) else None

"""Tree → model, and pydantic's errors → findings that a service owner understands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import ValidationError

from ..document import Mapping, Node, Scalar, Sequence, data_of
from ..document.tree import child, find
from ..findings import Finding, Keys, dotted, shortened
from ..model.base import Section
from ..shapes import Key, Shape, key_at, shape_at, spelled, walk
from .partial import partial
from .suggest import suggestion
from .unknown import replaced_key
from .wording import nearest_name, wrong_value

S = TypeVar("S", bound=Section)


@dataclass(frozen=True)
class Checked(Generic[S]):
    """What a file turned out to be.

    value     the section
    is_whole  whether nothing of it is `partial.MISSING`, which only rules may look at
    findings  everything wrong with single keys and values
    """

    value: S
    is_whole: bool
    findings: tuple[Finding, ...]


def check(section: type[S], root: Mapping) -> Checked[S]:
    """Holds the tree against the section."""
    data = data_of(root)
    try:
        return Checked(section.model_validate(data), True, ())
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=False, include_input=False)
    findings: list[Finding] = []
    bad: set[Keys] = set()
    for item in errors:
        kind, location = item["type"], item["loc"]
        keys = _keys(root, location)
        if kind in ("too_short", "too_long") and _count_fits(find(root, keys), shape_at(section, keys)):
            # pydantic counts the valid items alone; the invalid ones have errors of their own.
            continue
        if kind not in ("extra_forbidden", "missing"):
            bad.add(keys)
        findings += _findings(section, root, kind, location)
    return Checked(partial(section, data, bad), False, tuple(findings))


def _findings(section: type[Section], root: Node, error: str, location: tuple[str | int, ...]) -> list[Finding]:
    """The findings of one of pydantic's errors: one, or none where another finding says it already."""
    keys = _keys(root, location)
    if error == "extra_forbidden":
        return [_unknown_key(section, root, keys)]
    if error == "missing":
        return [_missing_key(section, keys)]
    node = find(root, keys)
    shape = shape_at(section, keys)
    if node is None or shape is None or (isinstance(node, Scalar) and node.is_refused):
        return []
    if location[-1] == "[key]":
        assert isinstance(keys[-1], str)
        above = shape_at(section, keys[:-1])
        return [_invalid_name(keys, keys[-1], above.name if above is not None else None)]
    if error in ("too_short", "too_long") and isinstance(node, Sequence | Mapping):
        return [_wrong_count(keys, node, shape)]
    return [wrong_value(keys, node, shape, key_at(section, keys))]


def _invalid_name(keys: Keys, name: str, shape: Shape | None) -> Finding:
    meant, fix, expected = None, "rename it", "another name"
    if shape is not None:
        expected = shape.expected
        choices = [str(choice) for choice in shape.choices]
        meant = nearest_name(name, choices) if choices else suggestion(name, shape)
        fix = shape.expect.fix if shape.expect is not None and shape.expect.fix is not None else fix
    return Finding(
        keys,
        "invalid-key",
        expected,
        f"write {meant}" if meant is not None else fix,
        f"the name `{shortened(name)}`" if name else "an empty name",
        on_key=True,
    )


def _keys(root: Node, location: tuple[str | int, ...]) -> Keys:
    """pydantic's location as a key path of the file: without the tags of unions and without its mark for map keys."""
    keys: list[str | int] = []
    node: Node | None = root
    for depth, part in enumerate(location):
        below = None if node is None else child(node, part)
        if below is None and (part in ("[key]", "plain", "reasoned")) and node is not None:
            continue
        if below is None and depth < len(location) - 1:
            return tuple(keys)
        keys.append(part)
        node = below
    return tuple(keys)


def _unknown_key(section: type[Section], root: Node, keys: Keys) -> Finding:
    name = str(keys[-1])
    above = shape_at(section, keys[:-1])
    valid = [key.name for key in above.keys] if above is not None else []
    here = find(root, keys[:-1])
    absent = [key for key in valid if not isinstance(here, Mapping) or key not in here.values]
    expected = f"one of {', '.join(valid if len(valid) <= 8 else [*valid[:7], '…'])}"
    nearest = nearest_name(name, absent) or nearest_name(name, valid)
    if nearest is not None:
        fix = f"write `{nearest}`"
    elif replaced := replaced_key(keys):
        fix = replaced
    elif elsewhere := [path for path, _ in walk(section) if path[-1] == name]:
        fix = f"move it to {' or '.join(f'`{spelled(path, keys)}`' for path in elsewhere[:2])}"
    else:
        fix = "delete it"
    return Finding(keys, "unknown-key", expected, fix, f"the unknown key `{shortened(name)}`", on_key=True)


def _missing_key(section: type[Section], keys: Keys) -> Finding:
    key = key_at(section, keys)
    name = str(keys[-1])
    expected = key.shape.expected if key is not None else "a value"
    where = f"under `{dotted(keys[:-1])}`" if len(keys) > 1 else "at the top level"
    return Finding(keys, "missing-key", expected, f"add `{name}:{_example(key)}` {where}", f"no `{name}`")


def _example(key: Key | None) -> str:
    """A value to begin with, with the space before it; nothing where the value takes several lines."""
    if key is None:
        return ""
    if key.shape.kind == "text" and key.shape.pattern is None:
        # Prose is for the writer to find: an example of ours would be pasted.
        return " …"
    if key.examples and not isinstance(key.examples[0], dict):
        value = key.examples[0]
        return f" [{', '.join(map(str, value))}]" if isinstance(value, list) else f" {value}"
    return f" {key.shape.choices[0]}" if key.shape.kind == "choice" else ""


def _count_fits(node: Node | None, shape: Shape | None) -> bool:
    """Whether a list or map has as many entries as it may have, valid or not."""
    if shape is None or not isinstance(node, Sequence | Mapping):
        return False
    return (shape.minimum or 0) <= len(node) and (shape.maximum is None or len(node) <= shape.maximum)


def _wrong_count(keys: Keys, node: Sequence | Mapping, shape: Shape) -> Finding:
    noun = "item" if isinstance(node, Sequence) else "entry"
    if shape.minimum is not None and len(node) < shape.minimum:
        return Finding(keys, "too-few", f"at least {shape.minimum} {noun}", f"add the first {noun}")
    most = shape.maximum or 0
    return Finding(keys, "too-many", f"at most {most}", f"take away {len(node) - most}", f"{len(node)}")

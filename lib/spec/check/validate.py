"""Tree → model, and pydantic's errors → findings that a service owner understands."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Generic, TypeVar

from pydantic import ValidationError

from ..document import Mapping, Misread, Node, Scalar, Sequence, data_of, describe
from ..document.tree import child, find
from ..findings import Finding, Keys, dotted, shortened
from ..model.base import Section
from ..shapes import Key, Shape, key_at, shape_at, walk
from .partial import partial
from .unknown import replaced_key

S = TypeVar("S", bound=Section)


@dataclass(frozen=True)
class Checked(Generic[S]):
    """What a file turned out to be.

    value     the section; where there are findings some of it is `partial.MISSING`, which only `rules` may look at
    findings  everything wrong with single keys and values
    """

    value: S
    findings: tuple[Finding, ...]

    @property
    def is_valid(self) -> bool:
        return not self.findings


def check(section: type[S], root: Mapping) -> Checked[S]:
    """Holds the tree against the section."""
    data = data_of(root)
    try:
        return Checked(section.model_validate(data), ())
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=False, include_input=False)
    findings = [finding for item in errors for finding in _findings(section, root, item["type"], item["loc"])]
    bad = {_keys(root, item["loc"]) for item in errors if item["type"] not in ("extra_forbidden", "missing")}
    return Checked(partial(section, data, bad), tuple(findings))


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
        expected = above.name.expected if above is not None and above.name is not None else "another name"
        return [Finding(keys, "invalid-key", expected, "rename it", f"the name `{keys[-1]}`", on_key=True)]
    if error in ("too_short", "too_long") and isinstance(node, Sequence | Mapping):
        return _count(keys, node, shape)
    return [_wrong_value(keys, node, shape, key_at(section, keys))]


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
    expected = f"one of {', '.join(valid)}"
    nearest = _nearest(name, absent) or _nearest(name, valid)
    if nearest is not None:
        fix = f"write `{nearest}`"
    elif replaced := replaced_key(name):
        fix = replaced
    elif elsewhere := [path for path, _ in walk(section) if path[-1] == name]:
        fix = f"move it to {' or '.join(f'`{dotted(path)}`'.replace('.*', '[]') for path in elsewhere[:2])}"
    else:
        fix = "delete it"
    return Finding(keys, "unknown-key", expected, fix, f"the unknown key `{shortened(name)}`", on_key=True)


def _missing_key(section: type[Section], keys: Keys) -> Finding:
    key = key_at(section, keys)
    name = str(keys[-1])
    expected = key.shape.expected if key is not None else "a value"
    example = _example(key)
    where = f"under `{dotted(keys[:-1])}`" if len(keys) > 1 else "at the top level"
    return Finding(keys, "missing-key", expected, f"add `{name}: {example}` {where}", f"no `{name}`")


def _example(key: Key | None) -> str:
    if key is None:
        return "…"
    if key.examples and not isinstance(key.examples[0], dict):
        value = key.examples[0]
        return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)
    if key.shape.kind == "choice":
        return str(key.shape.choices[0])
    return "…"


def _count(keys: Keys, node: Sequence | Mapping, shape: Shape) -> list[Finding]:
    count = len(node.items) if isinstance(node, Sequence) else len(node.values)
    noun = "item" if isinstance(node, Sequence) else "entry"
    if shape.minimum is not None and count < shape.minimum:
        return [Finding(keys, "too-few", f"at least {shape.minimum} {noun}", f"add the first {noun}")]
    if shape.maximum is not None and count > shape.maximum:
        return [Finding(keys, "too-many", f"at most {shape.maximum}", f"take away {count - shape.maximum}")]
    # pydantic counts the valid items alone; the invalid ones have findings of their own.
    return []


def _wrong_value(keys: Keys, node: Node, shape: Shape, key: Key | None) -> Finding:
    expected, found = shape.expected, describe(node)
    plain = shape.item if shape.kind == "tiered" and shape.item is not None else shape
    if isinstance(node, Scalar):
        if node.is_empty:
            fix = "delete the line" if key is not None and not key.required else "write the value after the colon"
            return Finding(keys, "empty-value", expected, fix, found)
        if isinstance(node.value, Misread):
            return Finding(keys, "ambiguous-value", expected, _unambiguous(plain, node), found)
    code = _code(plain, node)
    return Finding(keys, code, expected, _mend(plain, node, code), found)


def _code(shape: Shape, node: Node) -> str:
    value = node.value if isinstance(node, Scalar) else None
    if shape.kind == "choice":
        known = type(shape.choices[0])
        return "unknown-value" if type(value) is known else "wrong-type"
    if shape.kind == "integer" and type(value) is int:
        return "out-of-range"
    if shape.kind == "text" and isinstance(value, str):
        return "invalid-value"
    return "wrong-type"


def _mend(shape: Shape, node: Node, code: str) -> str:
    """The edit that mends a value of the wrong form."""
    value = node.value if isinstance(node, Scalar) else None
    if code == "out-of-range":
        near = shape.minimum if shape.minimum is not None and int(str(value)) < shape.minimum else shape.maximum
        return f"write {near}, the nearest that is allowed"
    if code == "unknown-value":
        nearest = _nearest(str(value), [str(choice) for choice in shape.choices])
        return f"write {nearest}" if nearest else f"choose one of {listed_choices(shape)}"
    if shape.kind == "text" and isinstance(node, Scalar) and isinstance(value, bool | int | float):
        return f'put it in quotes: "{node.text}"'
    if isinstance(node, Scalar) and node.quoted and shape.kind in ("integer", "boolean", "choice"):
        return "take away the quotes, or choose one that is allowed" if shape.kind == "choice" else "write it without quotes"
    if shape.kind == "list" and isinstance(node, Scalar):
        return f"put it in brackets: [{node.text}]"
    if shape.kind in ("map", "section"):
        return "write its keys on the lines below, indented by two spaces"
    if shape.expect is not None and shape.expect.fix is not None:
        return shape.expect.fix
    return "change it to that form"


def listed_choices(shape: Shape) -> str:
    return ", ".join(str(choice) for choice in shape.choices)


def _unambiguous(shape: Shape, node: Scalar) -> str:
    if shape.kind == "boolean":
        return "write true or false"
    if shape.kind == "integer" or (shape.kind == "choice" and isinstance(shape.choices[0], int)):
        return "write the number in plain decimal digits"
    return f'put it in quotes: "{node.text}"'


def _nearest(name: str, names: list[str]) -> str | None:
    """The name most like this one, whatever its capitals and separators; None where none is like it."""
    flat = {candidate.lower(): candidate for candidate in names}
    match = get_close_matches(name.lower().replace("_", "").replace("-", ""), flat, n=1, cutoff=0.7)
    return flat[match[0]] if match else None



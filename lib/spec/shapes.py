"""The model as data: what each key is, what its values look like, in words and in numbers.

Read from the pydantic classes once, on demand. Findings, JSON Schema and the reference page are all made from it, so
they can't disagree with what is enforced.
"""

from __future__ import annotations

import types
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import StringConstraints
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from .findings import Keys, dotted, listed
from .model.base import Expect, Section
from .model.tiered import Reasoned
from .workloads import Kind as WorkloadKind

Kind = Literal["text", "integer", "number", "boolean", "choice", "list", "map", "section", "tiered"]


@dataclass(frozen=True)
class Shape:
    """What values of one type look like.

    minimum, maximum  bounds of an integer or number, length of a text, number of entries of a list or map
    item              a list's items, a map's values, a tiered value's plain form
    name              a map's keys
    section           class of a section; of a tiered value its `{value, reason}` form
    """

    kind: Kind
    expect: Expect | None = None
    pattern: str | None = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    choices: tuple[str | int, ...] = ()
    item: Shape | None = None
    name: Shape | None = None
    section: type[Section] | None = None

    @property
    def expected(self) -> str:
        """The shape in words, for `expected`."""
        if self.expect is not None:
            return self.expect.text
        if self.kind == "text":
            return "text"
        if self.kind == "boolean":
            return "true or false"
        if self.kind == "integer":
            return _numbers("a whole number", self.minimum, self.maximum)
        if self.kind == "number":
            return _numbers("a number", self.minimum, self.maximum)
        if self.kind == "choice":
            return listed([str(choice) for choice in self.choices])
        if self.kind == "section":
            names = [key.name for key in self.keys if key.required] or [key.name for key in self.keys]
            shown = names if len(names) <= 6 else [*names[:5], "more"]
            return f"a mapping with {listed(shown, 'and')}"
        assert self.item is not None
        if self.kind == "list":
            return f"a list, each item {self.item.expected}"
        if self.kind == "map":
            return f"a mapping of names to values, each value {self.item.expected}"
        return f"{self.item.expected}, or a mapping with value and reason"

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys of a section."""
        return () if self.section is None else keys_of(self.section)


@dataclass(frozen=True)
class Key:
    """One key of a section, as it is written in YAML."""

    name: str
    attribute: str
    shape: Shape
    description: str
    required: bool
    default: Any
    default_text: str | None
    immutable: bool
    only: tuple[WorkloadKind, ...]
    """The kinds of service that may use it; empty where all may."""
    unit: str | None
    source: str | None
    examples: tuple[Any, ...] = field(default=())


@cache
def keys_of(section: type[Section]) -> tuple[Key, ...]:
    """The keys of a section, in the order in which the model declares them."""
    return tuple(_key(attribute, info) for attribute, info in section.model_fields.items())


def shape_at(root: type[Section], keys: Keys) -> Shape | None:
    """The shape of what belongs at a key path; None where the model knows no such path."""
    shape: Shape | None = Shape("section", section=root)
    for part in keys:
        shape = None if shape is None else _below(shape, part)
    return shape


def key_at(root: type[Section], keys: Keys) -> Key | None:
    """The key of a section that the path ends with; None where it ends with anything else."""
    shape = shape_at(root, keys[:-1])
    return next((key for key in shape.keys if key.name == keys[-1]), None) if shape and keys else None


def walk(
    root: type[Section], prefix: Keys = (), above: tuple[type[Section], ...] = ()
) -> Iterable[tuple[Keys, Key]]:
    """Every key of the model with its path; `[]` stands for a list's index and `<name>` for a map's name.

    A section within itself is shown once: `above` are those around this one.
    """
    for key in keys_of(root):
        path = (*prefix, key.name)
        yield path, key
        shape: Shape | None = key.shape
        while shape is not None and shape.kind in ("list", "map"):
            path, shape = (*path, "[]" if shape.kind == "list" else "<name>"), shape.item
        if shape is not None and shape.section is not None and shape.section not in (*above, root):
            yield from walk(shape.section, path, (*above, root))


def spelled(path: Keys, here: Keys = ()) -> str:
    """A path of `walk` in words: `environments[].instances`; with the indexes and names of `here` as far as it goes."""
    concrete = [
        there if part in ("[]", "<name>") and path[:depth] and _leads(path[:depth], here) else part
        for depth, (part, there) in enumerate(zip(path, (*here, *path[len(here) :]), strict=False))
    ]
    return dotted(tuple(concrete)).replace('."[]"', "[]").replace('"<name>"', "<name>")


def _leads(path: Keys, here: Keys) -> bool:
    """Whether the way to a place goes along a path of `walk`."""
    return len(here) > len(path) and all(
        part == there or part in ("[]", "<name>") for part, there in zip(path, here, strict=False)
    )


def _below(shape: Shape, part: str | int) -> Shape | None:
    if shape.kind == "list" or shape.kind == "map":
        return shape.item
    return next((key.shape for key in shape.keys if key.name == part), None)


def _key(attribute: str, info: FieldInfo) -> Key:
    extra = info.json_schema_extra
    about: dict[str, Any] = dict(extra["about"]) if isinstance(extra, dict) and isinstance(extra["about"], dict) else {}
    return Key(
        name=info.alias or attribute,
        attribute=attribute,
        shape=_shape(info.annotation, info.metadata),
        description=info.description or "",
        required=info.is_required(),
        default=None if info.default is PydanticUndefined else info.default,
        default_text=about.get("default_text"),
        immutable=about.get("immutable", False),
        only=about.get("only", ()),
        unit=about.get("unit"),
        source=about.get("source"),
        examples=tuple(info.examples or ()),
    )


def _shape(annotation: Any, metadata: Iterable[Any] = ()) -> Shape:
    """The shape of a type annotation, with the constraints that stand beside it."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shape(arguments[0], [*arguments[1:], *metadata])
    if origin in (Union, types.UnionType):
        shape = _union([argument for argument in arguments if argument is not type(None)])
    elif origin is Literal:
        shape = Shape("choice", choices=arguments)
    elif origin is tuple:
        shape = Shape("list", item=_shape(arguments[0]))
    elif origin is dict:
        shape = Shape("map", name=_shape(arguments[0]), item=_shape(arguments[1]))
    elif isinstance(annotation, type) and issubclass(annotation, Section):
        shape = Shape("section", section=annotation)
    else:
        shape = Shape(_SCALARS[annotation])
    for constraint in metadata:
        shape = _constrained(shape, constraint)
    return shape


_SCALARS: dict[Any, Kind] = {str: "text", int: "integer", float: "number", bool: "boolean"}


def _union(members: list[Any]) -> Shape:
    """Optional and tiered are the only unions of the model."""
    if len(members) == 1:
        return _shape(members[0])
    plain, reasoned = (_shape(member) for member in members)
    assert reasoned.section is not None and issubclass(reasoned.section, Reasoned)
    return Shape("tiered", item=plain, section=reasoned.section)


def _constrained(shape: Shape, constraint: Any) -> Shape:
    if isinstance(constraint, Expect):
        return replace(shape, expect=constraint)
    if isinstance(constraint, StringConstraints):
        pattern = constraint.pattern if isinstance(constraint.pattern, str) else None
        return replace(shape, pattern=pattern, minimum=constraint.min_length, maximum=constraint.max_length)
    if isinstance(constraint, FieldInfo):
        return _shape_with(shape, constraint.metadata)
    if isinstance(constraint, annotated_types.Ge):
        return replace(shape, minimum=_bound(constraint.ge))
    if isinstance(constraint, annotated_types.Le):
        return replace(shape, maximum=_bound(constraint.le))
    if isinstance(constraint, annotated_types.MinLen):
        return replace(shape, minimum=constraint.min_length)
    if isinstance(constraint, annotated_types.MaxLen):
        return replace(shape, maximum=constraint.max_length)
    return shape


def _bound(bound: Any) -> int | float:
    """A whole number wherever it is one, so that it is shown as one."""
    return int(bound) if int(bound) == bound else float(bound)


def _shape_with(shape: Shape, constraints: Iterable[Any]) -> Shape:
    for constraint in constraints:
        shape = _constrained(shape, constraint)
    return shape


def _numbers(what: str, minimum: int | float | None, maximum: int | float | None) -> str:
    if minimum is not None and maximum is not None:
        return f"{what} from {minimum} to {maximum}"
    if minimum is not None:
        return f"{what}, at least {minimum}"
    return what if maximum is None else f"{what}, at most {maximum}"

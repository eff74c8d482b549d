"""The tree of a YAML file: what stands where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..findings import Keys, listed, shortened


@dataclass(frozen=True, order=True)
class Position:
    """A place in a file; both 1-based, the column counted in characters."""

    line: int
    column: int


START = Position(1, 1)


@dataclass(frozen=True)
class Problem:
    """Something about the file's text or YAML that is wrong whatever it is meant to say."""

    position: Position
    code: str
    found: str
    expected: str
    fix: str
    keys: Keys = ()


@dataclass(frozen=True)
class Misread:
    """A plain scalar that YAML 1.1 takes for something that its writer hardly meant.

    reading   what YAML takes it for, such as `the boolean false`; empty for a missing value
    """

    text: str
    reading: str


def is_empty(value: Any) -> bool:
    """Whether it is the value of a scalar where nothing, `~` or `null` stands."""
    return isinstance(value, Misread) and not value.reading


REFUSED: Any = object()
"""Value of a node that was refused and reported already: it fits no type, and no second finding is made about it."""


@dataclass(frozen=True)
class Scalar:
    """A single value: text, whole number, number, boolean, or Misread."""

    position: Position
    text: str
    quoted: bool
    value: Any

    @property
    def is_refused(self) -> bool:
        """Whether a finding about it was made when the file was read."""
        return self.value is REFUSED

    @property
    def is_empty(self) -> bool:
        """Whether nothing, `~` or `null` stands there."""
        return is_empty(self.value)


@dataclass(frozen=True)
class Sequence:
    """A list.

    numbers   which of the file's items these are, where some were left out
    """

    position: Position
    items: list[Node] = field(default_factory=list)
    numbers: tuple[int, ...] | None = None

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class Mapping:
    """Keys and values, in the order of the file."""

    position: Position
    values: dict[str, Node] = field(default_factory=dict)
    key_positions: dict[str, Position] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.values)


Node = Scalar | Sequence | Mapping


def data_of(node: Node) -> Any:
    """The tree as plain dicts, tuples and scalars."""
    if isinstance(node, Mapping):
        return {name: data_of(value) for name, value in node.values.items()}
    if isinstance(node, Sequence):
        return tuple(data_of(item) for item in node.items)
    return node.value


def child(node: Node, part: str | int) -> Node | None:
    """The value below one part of a key path, None where there is none."""
    if isinstance(node, Mapping) and isinstance(part, str):
        return node.values.get(part)
    if isinstance(node, Sequence) and isinstance(part, int) and 0 <= part < len(node.items):
        return node.items[part]
    return None


def find(root: Node, keys: Keys) -> Node | None:
    """The value at a key path, None where there is none."""
    node: Node | None = root
    for part in keys:
        node = None if node is None else child(node, part)
    return node


def as_written(root: Node, keys: Keys) -> Keys:
    """The key path in the file: the same, unless items of a list were left out."""
    written: list[str | int] = []
    node: Node | None = root
    for part in keys:
        numbers = node.numbers if isinstance(node, Sequence) else None
        written.append(numbers[part] if numbers and isinstance(part, int) and part < len(numbers) else part)
        node = None if node is None else child(node, part)
    return tuple(written)


def locate(root: Node, keys: Keys, *, on_key: bool = False) -> Position:
    """Where to point for a key path: its value, its key, or what is nearest above it in the file.

    A mapping or list below a key is pointed at by its key: its own first line belongs to its first entry.
    """
    node: Node = root
    place = root.position
    for depth, part in enumerate(keys):
        below = child(node, part)
        if below is None:
            return place
        last = depth == len(keys) - 1
        if isinstance(node, Mapping) and isinstance(part, str) and (not isinstance(below, Scalar) or (last and on_key)):
            place = node.key_positions[part]
        else:
            place = below.position
        node = below
    return place


def describe(node: Node) -> str:
    """What stands there, in words for `found`."""
    if isinstance(node, Mapping):
        names = [shortened(name, 30) for name in list(node.values)[:4]]
        return f"a mapping with {listed(names, 'and')}" if names else "an empty mapping"
    if isinstance(node, Sequence):
        count = len(node.items)
        return f"a list of {count}" if count else "an empty list"
    if node.is_empty:
        return f"nothing (`{node.text}`)" if node.text else "nothing"
    if isinstance(node.value, Misread):
        return f"`{shortened(node.text)}`, which YAML reads as {node.value.reading}"
    return f'"{shortened(node.text)}"' if node.quoted else f"`{shortened(node.text)}`"

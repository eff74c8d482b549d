"""A random document from the model itself: every key of it, whatever it is called, may be in there.

What a single value must look like is in its shape (`spec.shapes`), so a new key is drawn from the day it is declared.
What must agree with something else is drawn by the table in `sensible`, or put right by `mend`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from spec.findings import Keys
from spec.model.base import Section
from spec.platform import Platform
from spec.shapes import Key, Shape

from generator.testing.random_specs import texts

Document = dict[str, Any]

ABSENT: Any = object()
"""What a rule of `sensible` answers where the key should not be there."""


@dataclass(frozen=True)
class At:
    """One place of a document that is being drawn: what stands above and before it is there already."""

    draw: Draw
    keys: Keys
    path: Keys
    """The keys with `[]` for indexes and `<name>` for names, as `spec.shapes.walk` has them."""
    shape: Shape
    section: Document
    """The mapping around it, as far as it is drawn."""

    @property
    def rng(self) -> Random:
        return self.draw.rng

    @property
    def document(self) -> Document:
        return self.draw.document

    @property
    def platform(self) -> Platform:
        assert self.draw.platform is not None
        return self.draw.platform

    @property
    def environment(self) -> Document:
        """The environment around it."""
        index = self.keys[1]
        assert self.keys[0] == "environments" and isinstance(index, int)
        environment: Document = self.document["environments"][index]
        return environment

    def anything(self) -> Any:
        """What its shape alone allows."""
        return self.draw.of_shape(self)


Rule = Callable[[At], Any]


class Draw:
    """Draws documents of one kind. The same `rng` in the same state gives the same document."""

    def __init__(
        self,
        rng: Random,
        rules: Mapping[Keys, Rule],
        decided: frozenset[Keys] = frozenset(),
        platform: Platform | None = None,
        kind: Callable[[Document], str | None] = lambda _: None,
    ) -> None:
        self.rng = rng
        self.rules = rules
        self.decided = decided
        self.platform = platform
        self.kind = kind
        self.document: Document = {}
        self.density = rng.choice((0.1, 0.25, 0.5, 0.8))
        """How many of the optional keys are there."""

    def root(self, section: type[Section]) -> Document:
        """A whole document."""
        self.fill(section, self.document, (), ())
        return self.document

    def fill(self, section: type[Section], into: Document, keys: Keys, path: Keys) -> None:
        """The keys of a section, in the order in which the model declares them."""
        for key in Shape("section", section=section).keys:
            value = self.of_key(key, into, keys, path)
            if value is not ABSENT:
                into[key.name] = value

    def of_key(self, key: Key, section: Document, keys: Keys, path: Keys, always: bool = False) -> Any:
        """A value for one key; ABSENT where it is left out."""
        kind = self.kind(self.document)
        if key.only and kind is not None and kind not in key.only:
            return ABSENT
        here = (*path, key.name)
        if not (key.required or always or here in self.decided) and self.rng.random() > self.density:
            return ABSENT
        if key.examples and self.rng.random() < 0.1 and here not in self.rules:
            return _plain(self.rng.choice(key.examples))
        return self.value(At(self, (*keys, key.name), here, key.shape, section))

    def value(self, at: At) -> Any:
        """A value for one place."""
        rule = self.rules.get(at.path)
        try:
            return at.anything() if rule is None else rule(at)
        except LookupError:
            # What the rule looks at has been taken away again, by `mend`.
            return at.anything()

    def of_shape(self, at: At) -> Any:
        """A value that the shape alone allows."""
        shape, rng = at.shape, self.rng
        if shape.kind == "text":
            return self._text(shape)
        if shape.kind in ("integer", "number"):
            return number(shape, rng)
        if shape.kind == "boolean":
            return rng.random() < 0.5
        if shape.kind == "choice":
            return rng.choice(shape.choices)
        if shape.kind == "list":
            return self._list(at)
        if shape.kind == "map":
            return self._map(at)
        if shape.kind == "tiered":
            return self._tiered(at)
        assert shape.section is not None
        section: Document = {}
        self._attach(at, section)
        self.fill(shape.section, section, at.keys, at.path)
        return section

    def _attach(self, at: At, value: Any) -> None:
        """Put a mapping or list into the document before it is filled, so that what is in it can look around."""
        at.section[at.keys[-1]] = value  # type: ignore[index]

    def _text(self, shape: Shape) -> str:
        least, most = int(shape.minimum or 0), None if shape.maximum is None else int(shape.maximum)
        if shape.pattern is None:
            return texts.sentence(self.rng, max(1, least), most)
        return texts.matching(shape.pattern, self.rng, least, most)

    def _list(self, at: At) -> list[Any]:
        shape = at.shape
        assert shape.item is not None
        least = int(shape.minimum or 0)
        length = min(int(shape.maximum or 4), least + self.rng.choice((0, 1, 1, 2, 3)))
        items: list[Any] = []
        self._attach(at, items)
        for index in range(length):
            items.append({})
            inner = At(self, (*at.keys, index), (*at.path, "[]"), shape.item, items)  # type: ignore[arg-type]
            items[index] = self.value(inner)
            if _named(items[index]) in [_named(item) for item in items[:index]]:
                items.pop()
                break
        return items

    def _map(self, at: At) -> Document:
        shape = at.shape
        assert shape.item is not None and shape.name is not None
        entries: Document = {}
        self._attach(at, entries)
        for _ in range(max(int(shape.minimum or 0), self.rng.choice((0, 1, 2, 3)))):
            name = self.value(At(self, (*at.keys, "?"), (*at.path, "?"), shape.name, entries))
            inner = At(self, (*at.keys, name), (*at.path, "<name>"), shape.item, entries)
            entries[name] = self.value(inner)
        return entries

    def _tiered(self, at: At) -> Any:
        shape = at.shape
        assert shape.item is not None and shape.section is not None
        if self.rng.random() < 0.3:
            return self.value(At(self, at.keys, (*at.path, "value"), shape.item, at.section))
        section: Document = {}
        self.fill(shape.section, section, at.keys, at.path)
        return section


def number(shape: Shape, rng: Random) -> int | float:
    """A number within the bounds: one of them, or anything between with a liking for small ones."""
    least = 0 if shape.minimum is None else shape.minimum
    most = max(least, 100) if shape.maximum is None else shape.maximum
    if shape.kind == "number":
        return rng.choice((float(least), float(most), round(rng.uniform(least, most), rng.randint(0, 4))))
    low, high = int(least), int(most)
    small = low + int(math.expm1(rng.uniform(0, math.log1p(high - low))))
    return rng.choice((low, high, small, small, small))


def _named(item: Any) -> Any:
    """By what an item of a list is told from the others."""
    return (item.get("name") or item.get("id")) if isinstance(item, dict) and ("name" in item or "id" in item) else item


def _plain(example: Any) -> Any:
    """An example as a document of its own, free of what other documents share."""
    if isinstance(example, Mapping):
        return {name: _plain(value) for name, value in example.items()}
    return [_plain(item) for item in example] if isinstance(example, (list, tuple)) else example

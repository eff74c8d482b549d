"""Bytes → tree, refusing everything about YAML that surprises.

Built on the parser's events rather than on composed nodes, since only events still know where an alias stands, and so
that nesting can be bounded before anything recurses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import yaml

from ..findings import Keys, shortened
from .scalars import read_plain, reading_of
from .syntax import syntax_problem
from .text import decode
from .tree import REFUSED, START, Mapping, Node, Position, Problem, Scalar, Sequence

MAX_DEPTH = 24
"""Nesting of mappings and lists: a spec needs seven."""

MAX_PROBLEMS = 500
"""Problems with one file's YAML after which reading stops: what has more is no spec."""

_FAST_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser where it was built in: the same events and places, an order of magnitude sooner."""


def parse(content: bytes, *, loader: type = _FAST_LOADER) -> tuple[Mapping | None, list[Problem]]:
    """The file's root mapping, and all problems; None where there is no such root."""
    text, problems = decode(content)
    if text is None:
        return None, problems
    composer = _Composer(problems)
    try:
        composer.run(yaml.parse(text, Loader=loader))
    except _Stop:
        pass
    except yaml.YAMLError as error:
        composer.problems.append(syntax_problem(text, error))
    return composer.root, composer.problems


def parse_json(content: bytes) -> tuple[Node | None, list[Problem]]:
    """The root of a JSON file, whatever it is, with the place of everything in it; None where it is no JSON.

    JSON's own parser decides what JSON is; YAML's, of whose language JSON is a part, knows where things stand.
    """
    text, problems = decode(content)
    if text is None:
        return None, problems
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        said = error.msg[:1].lower() + error.msg[1:]
        place = Position(error.lineno, error.colno)
        return None, [*problems, Problem(place, "invalid-json", said, "JSON", "mend the syntax at this place")]
    except RecursionError:
        return None, [*problems, Problem(START, "too-deep", "endless nesting", "a few levels", "flatten it")]
    composer = _Composer(problems)
    events = yaml.parse(_ESCAPE.sub(_as_long, text), Loader=_FAST_LOADER)
    try:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                return composer._node(next(events), events, (), 0), composer.problems
    except _Stop:
        pass
    except yaml.YAMLError as error:
        composer.problems.append(syntax_problem(text, error))
    return None, composer.problems


_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\.", re.DOTALL)
"""An escape in a JSON string; a character outside the first plane is written as two (RFC 8259, section 7)."""


def _as_long(escape: re.Match[str]) -> str:
    """YAML does not know such pairs. Two escapes of the same length keep everything after them in its place."""
    return r"\ufffd\ufffd" if len(escape[0]) == 12 else escape[0]


class _Stop(Exception):
    """Reading on makes no sense."""


class _Composer:
    """Builds the tree from events and collects problems on the way."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.root: Mapping | None = None

    def run(self, events: Iterator[yaml.Event]) -> None:
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                self._document(event, documents, events)
        if documents == 0:
            self._problem(START, "empty-file", "no content", "a mapping of keys to values", "write the first key", ())

    def _document(self, start: yaml.DocumentStartEvent, number: int, events: Iterator[yaml.Event]) -> None:
        if number > 1:
            self._problem(
                _position(start),
                "multiple-documents",
                "a second document",
                "one document in a file",
                "delete the line `---` and what follows it, or move it to a file of its own",
                (),
            )
            raise _Stop
        if start.version or start.tags:
            self._problem(START, "directive", "a directive (a line that starts with %)", "none", "delete that line", ())
        root = self._node(next(events), events, (), 0)
        if isinstance(root, Mapping):
            self.root = root
        elif isinstance(root, Scalar) and root.is_empty:
            # What follows `---` at the end of a file is on a line that the file does not have.
            place = root.position if root.text or not start.explicit else _position(start)
            self._problem(
                place, "empty-file", "no content", "a mapping of keys to values", "write the first key", ()
            )
        elif root is not None:
            found = "a list" if isinstance(root, Sequence) else f"`{shortened(root.text)}`"
            self._problem(
                root.position, "not-a-mapping", found, "a mapping of keys to values", "start with a key and a colon", ()
            )

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], keys: Keys, depth: int) -> Node | None:
        """The node that starts with this event; None where it was refused."""
        position = _position(event)
        if isinstance(event, yaml.AliasEvent):
            self._problem(
                position,
                "anchor-or-alias",
                f"the alias `*{shortened(str(event.anchor))}`",
                "every value written out",
                "write the value itself in its place",
                keys,
            )
            return None
        self._refuse_anchor_and_tag(event, position, keys)
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style in (None, "")
            value = read_plain(event.value) if plain and event.tag in (None, "!") else event.value
            return Scalar(position, event.value, not plain, value)
        if depth >= MAX_DEPTH:
            self._problem(
                position,
                "too-deep",
                f"more than {MAX_DEPTH} levels of nesting",
                "the few levels that the reference describes",
                "take away the brackets or the indentation that nest for nothing",
                (),
            )
            raise _Stop
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(position, events, keys, depth)
        return self._mapping(position, events, keys, depth)

    def _sequence(self, position: Position, events: Iterator[yaml.Event], keys: Keys, depth: int) -> Sequence:
        sequence = Sequence(position)
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            item = self._node(event, events, (*keys, len(sequence.items)), depth + 1)
            # A refused item keeps its place, so that later items keep their index.
            sequence.items.append(item if item is not None else Scalar(_position(event), "", False, REFUSED))
        return sequence

    def _mapping(self, position: Position, events: Iterator[yaml.Event], keys: Keys, depth: int) -> Mapping:
        mapping = Mapping(position)
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            name = self._key(self._node(event, events, keys, depth + 1), mapping, keys)
            value_event = next(events)
            value = self._node(value_event, events, keys if name is None else (*keys, name), depth + 1)
            if isinstance(value, Scalar) and not value.quoted and not value.text:
                # The two parsers place what is not there differently; its key says more anyway.
                value = replace(value, position=_position(event))
            if name is not None:
                mapping.values[name] = (
                    value if value is not None else Scalar(_position(value_event), "", False, REFUSED)
                )
                mapping.key_positions[name] = _position(event)
        return mapping

    def _key(self, node: Node | None, mapping: Mapping, keys: Keys) -> str | None:
        """The key's name, None where it was refused (and reported)."""
        if node is None:
            return None
        if not isinstance(node, Scalar):
            kind = "list" if isinstance(node, Sequence) else "mapping"
            self._problem(
                node.position, "key-not-text", f"a {kind} as key", "text before the colon", "write a plain name", keys
            )
            return None
        if node.text == "<<" and not node.quoted:
            self._problem(
                node.position,
                "merge-key",
                "the merge key `<<`",
                "every key written out",
                "write the merged keys themselves in its place",
                keys,
            )
            return None
        if not isinstance(node.value, str):
            reading = reading_of(node.value)
            self._problem(
                node.position,
                "key-not-text",
                f"the key `{shortened(node.text)}`, which YAML reads as {reading or 'nothing'}",
                "text before the colon",
                f'put it in quotes: "{shortened(node.text)}"' if node.text else "write a name before the colon",
                keys,
            )
            return None
        if node.value in mapping.values:
            first = mapping.key_positions[node.value].line
            self._problem(
                node.position,
                "duplicate-key",
                f"`{shortened(node.value)}` a second time (first on line {first})",
                "each key once",
                "delete one of the two",
                (*keys, node.value),
            )
            return None
        return node.value

    def _refuse_anchor_and_tag(self, event: yaml.Event, position: Position, keys: Keys) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor is not None:
            self._problem(
                position,
                "anchor-or-alias",
                f"the anchor `&{shortened(anchor)}`",
                "every value written out",
                f"delete `&{shortened(anchor)}`",
                keys,
            )
        if tag is not None:
            shown = shortened(tag.replace("tag:yaml.org,2002:", "!!"))
            self._problem(
                position,
                "tag",
                f"the tag `{shown}`",
                "a value without a tag",
                "delete the tag; quote what is text",
                keys,
            )

    def _problem(self, position: Position, code: str, found: str, expected: str, fix: str, keys: Keys) -> None:
        self.problems.append(Problem(position, code, found, expected, fix, keys))
        if len(self.problems) == MAX_PROBLEMS:
            self.problems.append(
                Problem(
                    position,
                    "invalid-yaml",
                    f"{MAX_PROBLEMS} problems so far; nothing after this place was read",
                    "YAML without them",
                    "mend those first",
                )
            )
            raise _Stop


def _position(event: yaml.Event) -> Position:
    mark: Any = event.start_mark
    return Position(mark.line + 1, mark.column + 1)

"""All that the plugin itself reads in a spec: the ids of its environments, which become addresses, their tiers, which decide
on the version of the generator that makes them, and which resources there are, which decides on what a program is made of.

Everything else, all validation included, is the library's. What cannot be read here yields fewer addresses and one sentence
for the log; `check` then tells everything. So one malformed spec never breaks a goal on another service.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

# As lib/spec has it: what may be part of an address, a folder's name and a cloud project's id.
_ENVIRONMENT_ID = re.compile(r"[a-z][a-z0-9]{0,9}")

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class SpecPeek:
    """The environments' ids in the spec's order, and the first thing that could not be read, or an empty string.

    `tiers` are theirs, in the same order; what is no text is an empty one.
    """

    environments: tuple[str, ...]
    problem: str = ""
    tiers: tuple[str, ...] = ()


def peek(path: str, content: bytes) -> SpecPeek:
    """Reads the ids of `environments`, each once. `path` is for the problem's text."""
    try:
        root = yaml.compose(content.decode(), _LOADER)
    except UnicodeDecodeError as error:
        return SpecPeek((), f"{path}: not UTF-8 text: {error}")
    except yaml.YAMLError as error:
        return SpecPeek((), f"{path}{_position(getattr(error, 'problem_mark', None))}: {getattr(error, 'problem', error)}")
    except RecursionError:
        return SpecPeek((), f"{path}: nested too deeply")
    listed = _value(root, "environments")
    if not isinstance(listed, yaml.SequenceNode):
        return SpecPeek((), f"{path}{_position(root and root.start_mark)}: no list of `environments`")
    found: dict[str, str] = {}
    problem = ""
    for entry in listed.value:
        text = _text(_value(entry, "id"))
        if _ENVIRONMENT_ID.fullmatch(text) and text not in found:
            found[text] = _text(_value(entry, "tier"))
        elif not problem:
            problem = f"{path}{_position(entry.start_mark)}: an environment without an id of its own"
    return SpecPeek(tuple(found), problem, tuple(found.values()))


def peek_resources(content: bytes) -> frozenset[str]:
    """The keys of `resources` over all environments, and `events` where there is a BigQuery table of that name: product events
    go there. What can't be read has none."""
    try:
        root = yaml.compose(content.decode(), _LOADER)
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError):
        return frozenset()
    listed = _value(root, "environments")
    found = set()
    for entry in listed.value if isinstance(listed, yaml.SequenceNode) else ():
        resources = _value(entry, "resources")
        if isinstance(resources, yaml.MappingNode):
            found |= {_text(name) for name, _ in resources.value} - {""}
        tables = _value(_value(resources, "bigquery"), "tables")
        if isinstance(tables, yaml.SequenceNode) and "events" in map(_text, tables.value):
            found.add("events")
    return frozenset(found)


def _text(node: yaml.Node | None) -> str:
    return node.value if isinstance(node, yaml.ScalarNode) else ""


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if isinstance(name, yaml.ScalarNode) and name.value == key), None)


def _position(mark: yaml.Mark | None) -> str:
    return f":{mark.line + 1}:{mark.column + 1}" if mark else ""

"""The Terraform of one stack as far as the safety of a change goes: resources, and where `moved` and `removed` point.

Read from a folder's files, generated (`cdk.tf.json`) and hand-written (`*.tf`), as they are committed or would be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

GENERATED = "cdk.tf.json"

_REFERENCE = re.compile(r"\$\{([a-z]\w*\.[\w-]+)\.(\w+)\}")


class Unreadable(Exception):
    """A file that is not what Terraform reads; the text names it and says why."""


@dataclass(frozen=True)
class Resource:
    """A managed resource."""

    type: str
    name: str
    body: Mapping[str, Any]
    is_generated: bool = True

    @property
    def address(self) -> str:
        return f"{self.type}.{self.name}"

    @property
    def is_guarded(self) -> bool:
        """Whether Terraform refuses to destroy it, as long as it is in the configuration."""
        return bool(self.argument("lifecycle.prevent_destroy"))

    def argument(self, path: str) -> Any:
        """The argument at a dotted path, None where it is absent; a list of them where a block on the way is repeated."""
        value: Any = self.body
        for part in path.split("."):
            value = _single(value)
            if isinstance(value, list) and value and all(isinstance(member, Mapping) for member in value):
                value = [member.get(part) for member in value]
            elif isinstance(value, Mapping):
                value = value.get(part)
            else:
                return None
        return _single(value)


@dataclass(frozen=True)
class Removed:
    """A `removed` block: whether Terraform destroys the thing, or only forgets it."""

    destroys: bool


@dataclass(frozen=True)
class Stack:
    """One stack's folder."""

    resources: Mapping[str, Resource] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    """Old address -> new address, without instance keys."""
    removed: Mapping[str, Removed] = field(default_factory=dict)

    def resolved(self, value: Any) -> Any:
        """The value with references to arguments of the same stack replaced by what stands there."""
        for _ in range(10):
            match = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
            target = self.resources.get(match[1]) if match else None
            found = target.argument(match[2]) if match and target else None
            if found is None:
                return value
            value = found
        return value


def read_stack(files: Mapping[str, bytes]) -> Stack:
    """The stack of a folder with these files. Raises Unreadable."""
    resources: dict[str, Resource] = {}
    moved: dict[str, str] = {}
    removed: dict[str, Removed] = {}
    for name, content in sorted(files.items()):
        document = _parse(name, content)
        resources.update((one.address, one) for one in _resources(document, is_generated=name == GENERATED))
        for block in _blocks(document.get("moved")):
            moved[_address(block.get("from"))] = _address(block.get("to"))
        for block in _blocks(document.get("removed")):
            lifecycle = _single(block.get("lifecycle"))
            destroys = lifecycle.get("destroy", True) if isinstance(lifecycle, Mapping) else True
            removed[_address(block.get("from"))] = Removed(destroys=destroys is not False)
    return Stack(resources, moved, removed)


def _parse(name: str, content: bytes) -> Mapping[str, Any]:
    try:
        text = content.decode("utf-8")
        if name.endswith(".json"):
            document = json.loads(text)
        elif name.endswith(".tf"):
            # Imported late: it takes longer to load than most comparisons, and most stacks have no such file.
            import hcl2

            document = _plain(hcl2.loads(text if text.endswith("\n") else text + "\n"))
        else:
            return {}
    except Exception as error:
        # The parser of HCL has no base class for its errors.
        raise Unreadable(f"{name} is not what Terraform reads ({type(error).__name__})") from error
    if not isinstance(document, Mapping):
        raise Unreadable(f"{name} holds no object")
    return document


def _plain(value: Any) -> Any:
    """What the parser of HCL gives, as Terraform's JSON syntax has it: text without its quotes, no marks of blocks."""
    if isinstance(value, Mapping):
        return {_plain(key): _plain(member) for key, member in value.items() if key != "__is_block__"}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1]
    return value


def _resources(document: Mapping[str, Any], is_generated: bool) -> Iterator[Resource]:
    for by_type in _blocks(document.get("resource")):
        for kind, by_name in by_type.items():
            for group in _blocks(by_name):
                for name, body in group.items():
                    if isinstance(_single(body), Mapping):
                        yield Resource(kind, name, _single(body), is_generated)


def _blocks(value: Any) -> list[Mapping[str, Any]]:
    members = value if isinstance(value, list) else [value]
    return [member for member in members if isinstance(member, Mapping)]


def _single(value: Any) -> Any:
    """One block is the same written as an object and as a list of one."""
    return value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], Mapping) else value


def _address(value: Any) -> str:
    """`google_x.y` of `${google_x.y["key"]}`: all instances of a resource are one here."""
    return re.sub(r"\[.*$", "", str(value).removeprefix("${").removesuffix("}"))

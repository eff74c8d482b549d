"""The construct tree (the `constructs` package): scopes, ids, paths, context.

A *peer* is the kernel's half of a construct; the bindings' object is its owner. `get`, `set` and `invoke` are the
calls that the bindings make on the owner, by JavaScript names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generator.engine.errors import EngineError, Unsupported

_SEPARATORS = re.compile(r"[/\n]")
_ARRAY_INDEX = re.compile(r"0|[1-9][0-9]*", re.ASCII)


class Peer:
    """What the kernel holds for one object of the bindings."""

    owner: Any = None
    """The bindings' object; None for objects that stacks have not seen."""

    def get(self, name: str) -> Any:
        """Read a property."""
        raise Unsupported(f"{self.kind_name()}.{name}")

    def set(self, name: str, value: Any) -> None:
        """Write a property."""
        raise Unsupported(f"setting {self.kind_name()}.{name}")

    def invoke(self, name: str, arguments: list[Any]) -> Any:
        """Call a method."""
        raise Unsupported(f"{self.kind_name()}.{name}()")

    def kind_name(self) -> str:
        """What messages call it: its class in the bindings."""
        return type(self if self.owner is None else self.owner).__name__


class Construct(Peer):
    """A node of the tree (constructs' Construct and its Node)."""

    def __init__(self, owner: Any, scope: Construct | None, id: str) -> None:
        """Raises EngineError for an empty id, and for one that its scope already holds."""
        self.owner = owner
        self.scope = scope
        self.id = _SEPARATORS.sub("--", id)
        self.children: dict[str, Construct] = {}
        self.context: dict[str, Any] = {}
        self.node: NodePeer | None = None
        if scope is None:
            self.path = self.id
            self.scopes: tuple[Construct, ...] = (self,)
        else:
            scope.adopt(self)
            self.path = f"{scope.path}/{self.id}" if scope.path else self.id
            self.scopes = (*scope.scopes, self)

    def adopt(self, child: Construct) -> None:
        """Add a child; ids are unique within a scope."""
        if not child.id:
            raise EngineError("Only root constructs may have an empty ID")
        if child.id in self.children:
            name = f" [{self.id}]" if self.id else ""
            raise EngineError(f"There is already a Construct with name '{child.id}' in {self.kind_name()}{name}")
        self.children[child.id] = child

    def ordered_children(self) -> list[Construct]:
        """Children in JavaScript's property order: ids that are whole numbers first, by value."""
        numbered = [id for id in self.children if _ARRAY_INDEX.fullmatch(id)]
        if not numbered:
            return list(self.children.values())
        numbered.sort(key=int)
        return [self.children[id] for id in [*numbered, *(id for id in self.children if id not in numbered)]]

    def walk(self) -> Iterator[Construct]:
        """This construct and everything below it, parents first."""
        yield self
        for child in self.ordered_children():
            yield from child.walk()

    def get(self, name: str) -> Any:
        if name == "node":
            if self.node is None:
                self.node = NodePeer(self)
            return self.node
        return super().get(name)

    def invoke(self, name: str, arguments: list[Any]) -> Any:
        if name == "toString":
            return self.path or "<root>"
        return super().invoke(name, arguments)


class NodePeer(Peer):
    """`construct.node`."""

    def __init__(self, construct: Construct) -> None:
        self.construct = construct

    def get(self, name: str) -> Any:
        construct = self.construct
        match name:
            case "id":
                return construct.id
            case "path":
                return construct.path
            case "scope":
                return construct.scope
            case "root":
                return construct.scopes[0]
            case "scopes":
                return list(construct.scopes)
            case "children":
                return construct.ordered_children()
        return super().get(name)

    def invoke(self, name: str, arguments: list[Any]) -> Any:
        construct = self.construct
        match name:
            case "tryFindChild":
                return construct.children.get(_SEPARATORS.sub("--", arguments[0]))
            case "findChild":
                found = construct.children.get(_SEPARATORS.sub("--", arguments[0]))
                if found is None:
                    raise EngineError(f"No child with id: '{arguments[0]}'")
                return found
            case "findAll":
                return list(construct.walk()) if arguments[:1] in ([], [None]) else super().invoke(name, arguments)
            case "setContext":
                if construct.children:
                    names = ",".join(child.id for child in construct.ordered_children())
                    raise EngineError(f"Cannot set context after children have been added: {names}")
                construct.context[arguments[0]] = arguments[1]
                return None
            case "tryGetContext":
                return next(
                    (s.context[arguments[0]] for s in reversed(construct.scopes) if arguments[0] in s.context), None
                )
        return super().invoke(name, arguments)

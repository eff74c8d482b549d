"""Reading into a resource: nested blocks, lists of objects, computed maps (CDKTF's complex-computed-list).

`instance.ip_address.get(0).ip_address` walks from a resource through a ComplexList to a ComplexObject to a string
token. Each step knows how it extends the address: by a name, by `[0]` for a block that Terraform keeps as a list of
one, or by `tolist(…)[i]` for sets.
"""

from __future__ import annotations

from typing import Any

from generator.engine.errors import Unsupported
from generator.engine.native.expressions import PropertyAccess
from generator.engine.native.functions import tolist
from generator.engine.native.resolve import Context
from generator.engine.native.schema import Block, Property
from generator.engine.native.tokens import STRING_MAP_VALUE, TOKENS, Resolvable
from generator.engine.native.tree import Peer


class Attributes:
    """Something whose attributes can be addressed: a resource, or an object inside one."""

    def attribute(self, name: str) -> Resolvable:
        """The expression for the attribute `name` (interpolationForAttribute)."""
        raise NotImplementedError


def read(parent: Attributes, prop: Property, returned: type | None) -> Any:
    """The value of a property as stacks get it: a token by its type, or a further reference.

    `returned` is the bindings' class that the property is declared to return, None for plain values.
    """
    if returned is not None:
        return _complex(parent, prop, returned)
    token = parent.attribute(prop.tf)
    match prop.type:
        case "string" | "dynamic":
            return TOKENS.string(token)
        case "number":
            return TOKENS.number(token)
        case "bool":
            return token
        case ["list", "string"]:
            return TOKENS.items(token)
        case ["set", "string"]:
            return tolist(TOKENS.items(token))
        case ["list", "number"]:
            return TOKENS.number_list(token)
        case ["map", "string"]:
            return TOKENS.map(token, STRING_MAP_VALUE)
    raise Unsupported(f"reading {prop.tf} of type {prop.type}")


def _complex(parent: Attributes, prop: Property, returned: type) -> Complex:
    bases = [base.__name__ for base in returned.__mro__]
    if "StringMap" in bases:
        return ComputedMap(parent, prop.tf, returned)
    if "StringMapList" in bases and not prop.is_set:
        return MapList(parent, prop.tf, returned)
    if prop.block is not None and "ComplexObject" in bases:
        return ComplexObject(parent, prop.tf, returned, prop.block, index=0 if prop.indexed else None)
    if prop.block is not None and "ComplexList" in bases:
        return ComplexList(parent, prop.tf, returned, prop.block, prop.is_set)
    raise Unsupported(f"reading {prop.tf} as {returned.__name__}")


class Complex(Peer, Resolvable):
    """A reference that is no plain value; in a configuration it stands for the whole list, object or map."""

    def __init__(self, parent: Attributes, name: str, python_class: type) -> None:
        self.parent = parent
        self.name = name
        self.python_class = python_class
        """The bindings' class that stacks see this reference as."""

    def whole(self) -> Any:
        """The expression for all of it."""
        return self.parent.attribute(self.name)

    @property
    def fqn(self) -> str:
        """The reference as a string token."""
        return TOKENS.string(self.whole())

    def resolve_in(self, context: Context) -> Any:
        return self.whole()

    def get(self, name: str) -> Any:
        match name:
            case "fqn":
                return self.fqn
            case "creationStack":
                return []
        return super().get(name)

    def invoke(self, name: str, arguments: list[Any]) -> Any:
        return TOKENS.string(self) if name == "toString" else super().invoke(name, arguments)


class ComputedMap(Complex):
    """A map that only the provider fills: `effective_labels.lookup("team")`."""

    def invoke(self, name: str, arguments: list[Any]) -> Any:
        if name == "lookup":
            return TOKENS.string(self.parent.attribute(f'{self.name}["{arguments[0]}"]'))
        return super().invoke(name, arguments)


class MapList(Complex, Attributes):
    """A list of such maps: `details.get(0).lookup("team")`."""

    def attribute(self, name: str) -> Resolvable:
        return self.parent.attribute(f"{self.name}{name}")

    def invoke(self, name: str, arguments: list[Any]) -> Any:
        item = returned_class(self.python_class, name) if name == "get" else None
        if item is not None:
            return ComputedMap(self, f"[{arguments[0]}]", item)
        return super().invoke(name, arguments)


class ComplexList(Complex):
    """A list or set of objects: `.get(0)` is one of them."""

    def __init__(self, parent: Attributes, name: str, python_class: type, block: Block, is_set: bool) -> None:
        super().__init__(parent, name, python_class)
        self.block = block
        self.is_set = is_set

    def whole(self) -> Any:
        whole = self.parent.attribute(self.name)
        return tolist(whole) if self.is_set else whole

    def invoke(self, name: str, arguments: list[Any]) -> Any:
        if name == "get":
            item = returned_class(self.python_class, "get")
            if item is None:
                raise Unsupported(f"{self.python_class.__name__}.get()")
            return ComplexObject(self.parent, self.name, item, self.block, arguments[0], from_set=self.is_set)
        return super().invoke(name, arguments)


class ComplexObject(Complex, Attributes):
    """One object: a block given once, or one item of a list or set."""

    def __init__(
        self, parent: Attributes, name: str, python_class: type, block: Block, index: Any, *, from_set: bool = False
    ) -> None:
        super().__init__(parent, name, python_class)
        self.block = block
        self.index = index
        self.from_set = from_set

    def attribute(self, name: str) -> Resolvable:
        if self.from_set:
            return PropertyAccess(tolist(self.parent.attribute(self.name)), [self.index, name])
        return self.parent.attribute(f"{self._indexed_name()}.{name}")

    def whole(self) -> Any:
        if self.from_set:
            return PropertyAccess(tolist(self.parent.attribute(self.name)), [self.index])
        return self.parent.attribute(self._indexed_name())

    def _indexed_name(self) -> str:
        return self.name if self.index is None else f"{self.name}[{self.index}]"

    def get(self, name: str) -> Any:
        prop = self.block.get(name)
        if prop is None:
            return super().get(name)
        return read(self, prop, returned_class(self.python_class, name))


_RETURNED: dict[tuple[type, str], type | None] = {}


def returned_class(python_class: type, js: str) -> type | None:
    """The bindings' class that a member (by its JavaScript name) is declared to return; None for plain values.

    The declaration is the annotation in the bindings' source: `"SqlUserTimeoutsOutputReference"` of the same module,
    or `_cdktf_9a9027ec.StringMap`.
    """
    key = (python_class, js)
    if key not in _RETURNED:
        _RETURNED[key] = _declared_class(python_class, js)
    return _RETURNED[key]


def _declared_class(python_class: type, js: str) -> type | None:
    for cls in python_class.__mro__:
        for member in vars(cls).values():
            function = getattr(member, "fget", member)
            if getattr(function, "__jsii_name__", None) == js:
                return _annotated_class(function)
    return None


def _annotated_class(function: Any) -> type | None:
    annotation = function.__annotations__.get("return")
    if isinstance(annotation, str):
        names = annotation.strip("'\"").split(".")
        annotation = function.__globals__.get(names[0])
        for name in names[1:]:
            annotation = getattr(annotation, name, None)
    if isinstance(annotation, type) and hasattr(annotation, "__jsii_declared_type__"):
        return annotation
    return None

"""A `jsii` module for the bindings that answers in this process.

The real package brings a serializer, type checkers and a process manager (0.1 CPU-seconds of imports) that only the
conversation with Node needs. The bindings use decorators that mark classes and members, a metaclass, and the kernel
calls; those are here, with the attributes that `kernel` reads.
"""

from __future__ import annotations

import abc
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from generator.engine.errors import EngineError, Unsupported
from generator.engine.native import kernel

Number = int | float


class JSIIMeta(type):
    """The metaclass of the bindings' classes: notes the jsii type that a class itself declares."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any], *, jsii_type: str | None = None) -> Any:
        if jsii_type is not None:
            attrs["__jsii_type__"] = jsii_type
        attrs["__jsii_declared_type__"] = jsii_type
        return super().__new__(mcs, name, bases, attrs)


class JSIIAbstractClass(abc.ABCMeta, JSIIMeta):
    """The metaclass of the bindings' abstract classes."""


class ClassProperty:
    """`@jsii.python.classproperty`."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.fget = function

    def __get__(self, instance: Any, owner: type) -> Any:
        return self.fget(owner)


class JSIIAssembly:
    """`jsii.JSIIAssembly`: loading an assembly means nothing without Node."""

    @classmethod
    def load(cls, name: str, version: str, module: str, filename: str) -> JSIIAssembly:
        return cls()


def data_type(*, jsii_type: str, jsii_struct_bases: list[Any], name_mapping: Mapping[str, str]) -> Any:
    def mark(cls: Any) -> Any:
        cls.__jsii_type__ = jsii_type
        cls.__jsii_struct_bases__ = jsii_struct_bases
        cls.__jsii_name_mapping__ = name_mapping
        return cls

    return mark


def _typed(*, jsii_type: str) -> Any:
    def mark(cls: Any) -> Any:
        cls.__jsii_type__ = jsii_type
        return cls

    return mark


def member(*, jsii_name: str) -> Any:
    def mark(function: Any) -> Any:
        function.__jsii_name__ = jsii_name
        return function

    return mark


def implements(*interfaces: Any) -> Any:
    def mark(cls: Any) -> Any:
        cls.__jsii_type__ = getattr(cls, "__jsii_type__", None)
        cls.__jsii_ifaces__ = [*getattr(cls, "__jsii_ifaces__", []), *interfaces]
        cls.__jsii_proxy_class__ = getattr(cls, "__jsii_proxy_class__", lambda: None)
        return cls

    return mark


def proxy_for(abstract_class: Any) -> Any:
    return abstract_class.__jsii_proxy_class__()


def _not_offered(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)  # imports and hasattr ask for such names
    raise Unsupported(f"jsii.{name}")


def install() -> None:
    """Put this `jsii` in the place of the package. Raises EngineError when the package is in use."""
    if "jsii" in sys.modules:
        raise EngineError("the native engine must be activated before jsii is imported")
    jsii = ModuleType("jsii", __doc__)
    python = ModuleType("jsii.python")
    vars(python).update(classproperty=ClassProperty)
    vars(jsii).update(
        __getattr__=_not_offered,
        python=python,
        Number=Number,
        JSIIAssembly=JSIIAssembly,
        JSIIMeta=JSIIMeta,
        JSIIAbstractClass=JSIIAbstractClass,
        data_type=data_type,
        enum=_typed,
        interface=_typed,
        member=member,
        implements=implements,
        proxy_for=proxy_for,
        create=kernel.create,
        get=kernel.get,
        set=kernel.set,
        invoke=kernel.invoke,
        sinvoke=kernel.sinvoke,
        sget=kernel.sget,
    )
    sys.modules.update({"jsii": jsii, "jsii.python": python})

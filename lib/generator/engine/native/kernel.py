"""The six calls of the bindings, answered by peers: create, get, set, invoke, sinvoke, sget.

`create(class, object, arguments)` finds the class of the bindings that the object's class is or extends, and gives
the object the peer for it. The other calls go to the peer. Whatever has no peer here is `Unsupported`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from generator.engine.errors import EngineError, Unsupported
from generator.engine.native import functions, schema
from generator.engine.native.backends import BACKENDS, Backend, RemoteState
from generator.engine.native.elements import App, Stack, options_of, stack_of
from generator.engine.native.outputs import Local, Output, Variable
from generator.engine.native.references import Complex
from generator.engine.native.resources import Count, Provider, Resource
from generator.engine.native.statics import token_call, variable_type
from generator.engine.native.tree import Construct, NodePeer, Peer
from generator.engine.native.values import PEER, incoming

_schema: schema.Schema | None = None


def use_schema(of_bindings: schema.Schema) -> None:
    """Take the schema that the bindings were cut with."""
    global _schema
    _schema = of_bindings


def create(python_class: type, owner: Any, arguments: list[Any] | None = None) -> None:
    """Answer a constructor: give `owner` its peer."""
    declared = _declared(python_class)
    given = [*(arguments or []), None, None, None]
    fqn: str = declared.__jsii_type__  # type: ignore[attr-defined]
    make = _CORE.get(fqn)
    if make is not None:
        peer = make(owner, given)
    elif fqn.startswith("cdktf.DataTerraformRemoteState"):
        peer = _remote_state(owner, fqn, given)
    elif fqn.startswith("cdktf.") and fqn.endswith("Backend"):
        peer = _backend(owner, fqn, given)
    else:
        peer = _provider_class(owner, declared, given)
    peer.owner = owner
    owner.__dict__[PEER] = peer


def get(owner: Any, name: str) -> Any:
    """Answer a property."""
    return outgoing(owner.__dict__[PEER].get(name))


def set(owner: Any, name: str, value: Any) -> None:
    """Answer an assignment."""
    peer = owner.__dict__[PEER]
    peer.set(name, value if isinstance(peer, (Resource, Provider)) else incoming(value))


def invoke(owner: Any, name: str, arguments: list[Any] | None = None) -> Any:
    """Answer a method."""
    peer: Peer = owner.__dict__[PEER]
    structs_wanted = isinstance(peer, (Resource, Provider)) and name.startswith("put")
    given = list(arguments or []) if structs_wanted else [incoming(argument) for argument in arguments or []]
    return outgoing(peer.invoke(name, given))


def sinvoke(python_class: type, name: str, arguments: list[Any] | None = None) -> Any:
    """Answer a static method."""
    fqn: str = _declared(python_class).__jsii_type__  # type: ignore[attr-defined]
    if fqn not in _STATICS and name != "isConstruct":
        raise Unsupported(f"{fqn}.{name}()")
    given = [incoming(argument) for argument in arguments or []]
    match fqn, name:
        case "cdktf.Fn" | "cdktf.FnGenerated", _:
            return outgoing(functions.fn(name, given))
        case "cdktf.Op", _:
            return outgoing(functions.op(name, given))
        case "cdktf.Token", _:
            return outgoing(token_call(name, given))
        case "cdktf.VariableType", _:
            return variable_type(name, given)
        case "cdktf.TerraformCount", "of":
            return outgoing(Count(given[0], python_class))
        case "cdktf.TerraformStack", "of":
            return outgoing(stack_of(given[0]))
        case "cdktf.TerraformStack", "isStack":
            return isinstance(given[0], Stack)
        case _, "isConstruct":
            return isinstance(given[0], Construct)
    raise Unsupported(f"{fqn}.{name}()")


_STATICS = frozenset(
    {
        "cdktf.Fn",
        "cdktf.FnGenerated",
        "cdktf.Op",
        "cdktf.Token",
        "cdktf.VariableType",
        "cdktf.TerraformCount",
        "cdktf.TerraformStack",
    }
)
"""The classes with static methods that are offered."""


def sget(python_class: type, name: str) -> Any:
    """Answer a static property."""
    declared = _declared(python_class)
    kind = _kind(declared)
    if name == "tfResourceType" and kind is not None:
        return kind.terraform_type
    return variable_type(name, []) if declared.__name__ == "VariableType" else _unsupported_static(declared, name)


def _unsupported_static(declared: type, name: str) -> Any:
    raise Unsupported(f"{declared.__name__}.{name}")


def outgoing(value: Any) -> Any:
    """A result on its way to the stack: peers become the bindings' objects."""
    if isinstance(value, list):
        return [outgoing(item) for item in value]
    if not isinstance(value, Peer):
        return value
    if value.owner is None:
        value.owner = _owner_of(value)
        value.owner.__dict__[PEER] = value
    return value.owner


def _owner_of(peer: Peer) -> Any:
    if isinstance(peer, (Complex, Count)):
        python_class: Any = peer.python_class
    elif isinstance(peer, NodePeer):
        python_class = sys.modules["constructs"].Node
    else:
        raise EngineError(f"{type(peer).__name__} has no object in the bindings")
    return python_class.__new__(python_class)


_DECLARED: dict[type, type] = {}


def _declared(python_class: type) -> type:
    """The class of the bindings that `python_class` is or extends.

    Raises Unsupported where a subclass overrides a method of the bindings: the reference would call it back.
    """
    if python_class not in _DECLARED:
        own: dict[str, type] = {}
        for cls in python_class.__mro__:
            if vars(cls).get("__jsii_declared_type__"):
                break
            own.update(dict.fromkeys((name for name in vars(cls) if not name.startswith("__")), cls))
        else:
            raise Unsupported(f"{python_class.__name__}, which extends no class of the bindings")
        for name, where in own.items():
            member = getattr(cls, name, None)
            if hasattr(getattr(member, "fget", member), "__jsii_name__"):
                raise Unsupported(f"{where.__name__}.{name}, which overrides a member of {cls.__name__}")
        _DECLARED[python_class] = cls
    return _DECLARED[python_class]


def _scope(owner: Any, scope: Any) -> Construct:
    peer = getattr(scope, PEER, None)
    if not isinstance(peer, Construct):
        raise EngineError(f"{type(owner).__name__}: the scope must be a construct, found {type(scope).__name__}")
    return peer


_CORE: dict[str, Callable[[Any, list[Any]], Peer]] = {
    "cdktf.App": lambda owner, given: App(owner, options_of(given[0])),
    "cdktf.TerraformStack": lambda owner, given: Stack(owner, _scope(owner, given[0]), given[1]),
    "cdktf.TerraformOutput": lambda o, given: Output(o, _scope(o, given[0]), given[1], options_of(given[2])),
    "cdktf.TerraformLocal": lambda o, given: Local(o, _scope(o, given[0]), given[1], incoming(given[2])),
    "cdktf.TerraformVariable": lambda o, given: Variable(o, _scope(o, given[0]), given[1], options_of(given[2])),
    "cdktf.TerraformCount": lambda owner, given: Count(given[0], type(owner)),
    "constructs.Construct": lambda owner, given: Construct(owner, _scope(owner, given[0]), given[1]),
}


def _backend(owner: Any, fqn: str, given: list[Any]) -> Peer:
    name = BACKENDS.get(fqn.removeprefix("cdktf."))
    if name is None:
        raise Unsupported(fqn)
    return Backend(owner, _scope(owner, given[0]), name, options_of(given[1]))


def _remote_state(owner: Any, fqn: str, given: list[Any]) -> Peer:
    backend = BACKENDS.get(fqn.removeprefix("cdktf.DataTerraformRemoteState") + "Backend")
    if backend is None:
        raise Unsupported(fqn)
    return RemoteState(owner, _scope(owner, given[0]), given[1], backend, options_of(given[2]))


def _kind(declared: type) -> schema.Kind | None:
    package, _, module = declared.__module__.rpartition(".")
    return _schema.kind(package, module) if _schema is not None and package else None


def _provider_class(owner: Any, declared: type, given: list[Any]) -> Peer:
    kind = _kind(declared)
    if kind is None:
        raise Unsupported(declared.__jsii_type__)  # type: ignore[attr-defined]
    cls = Provider if kind.kind == "provider" else Resource
    return cls(owner, _scope(owner, given[0]), given[1], kind, given[2])

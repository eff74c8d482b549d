"""App, TerraformStack and what all elements of a stack have in common (CDKTF's classes of these names)."""

from __future__ import annotations

from typing import Any

from generator.engine.errors import EngineError, Unsupported
from generator.engine.native.expressions import Reference
from generator.engine.native.logical_ids import unique_id
from generator.engine.native.tokens import TOKENS, is_unresolved
from generator.engine.native.tree import Construct
from generator.engine.native.values import incoming

CDKTF_VERSION = "0.21.0"
"""Written into every stack's metadata by the reference."""

_GLOB_CHARACTERS = "*?[]{}!"


class App(Construct):
    """The root of the tree. Writing files is not its business here: see `render.stacks`."""

    def __init__(self, owner: Any, options: dict[str, Any]) -> None:
        super().__init__(owner, None, "")
        unknown = set(options) - {"outdir", "skipValidation", "skipBackendValidation", "stackTraces", "context"}
        if unknown or options.get("skipValidation"):
            raise Unsupported(f"App({', '.join(sorted(options))})")
        self.context.update(options.get("context") or {})

    def invoke(self, name: str, arguments: list[Any]) -> Any:
        if name == "synth":
            raise Unsupported("App.synth()", "use generator.engine.synthesize")
        return super().invoke(name, arguments)


class Overrides:
    """The raw values that `add_override` lays over what was generated."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def add(self, path: str, value: Any) -> None:
        """Set the value at a dotted path; what lies in the way and is no map is replaced."""
        *parents, last = path.split(".")
        at = self.values
        for key in parents:
            if not isinstance(at.get(key), dict):
                at[key] = {}
            at = at[key]
        at[last] = value


class Stack(Construct):
    """One Terraform root module."""

    def __init__(self, owner: Any, scope: Construct, id: str) -> None:
        for character in _GLOB_CHARACTERS:
            if character in id:
                raise EngineError(
                    f"Can not create Terraform stack with id '{id}': it contains a glob character: '{character}'"
                )
        if any(character.isspace() for character in id):
            raise EngineError(f"Can not create TerraformStack with id '{id}': it contains a whitespace character")
        super().__init__(owner, scope, id)
        self.overrides = Overrides()
        self.origin = object()
        """The stack's identity in references, which outlive the tree."""

    def invoke(self, name: str, arguments: list[Any]) -> Any:
        match name:
            case "addOverride":
                return self.overrides.add(arguments[0], arguments[1] if len(arguments) > 1 else None)
            case "getLogicalId":
                return self.logical_id(arguments[0])
            case "addDependency":
                raise Unsupported("TerraformStack.add_dependency")
        return super().invoke(name, arguments)

    def logical_id(self, construct: Construct) -> str:
        """The id of a construct below this stack."""
        depth = len(self.scopes)
        path = [part.id for part in construct.scopes[depth:]]
        return unique_id(path) if path else ""


def stack_of(construct: Construct) -> Stack:
    """The nearest stack around a construct. Raises EngineError where there is none."""
    for scope in reversed(construct.scopes):
        if isinstance(scope, Stack):
            return scope
    raise EngineError(
        f"No stack could be identified for the construct at path '{construct.path}'; "
        "pass a stack, or a construct inside one, as scope"
    )


class Element(Construct):
    """Something that Terraform sees: resources, outputs, locals, providers, backends."""

    address_prefix: str | None = None
    """What stands before the logical id in an address; None for elements without an address."""

    def __init__(self, owner: Any, scope: Construct, id: str) -> None:
        if is_unresolved(id):
            raise EngineError(
                f"You cannot use a Token (e.g. a reference to an attribute) as the id of a construct: {id}"
            )
        super().__init__(owner, scope, id)
        self.stack = stack_of(self)
        self.overrides = Overrides()
        self._logical_id: str | None = None
        self._chosen_id: str | None = None
        self._fqn: str | None = None

    @property
    def logical_id(self) -> str:
        """The element's name in Terraform; fixed when it is first asked for."""
        if self._logical_id is None:
            self._logical_id = self._chosen_id or self.stack.logical_id(self)
        return self._logical_id

    @property
    def fqn(self) -> str:
        """The element's address, as a string token."""
        if self._fqn is None:
            if self.address_prefix is None:
                raise EngineError(f"{self.kind_name()} at '{self.path}' has no address in Terraform")
            self._fqn = TOKENS.string(self.reference())
        return self._fqn

    def reference(self, suffix: str = "") -> Reference:
        """A reference to the element, or to something in it."""
        return Reference(f"{self.address_prefix}.{self.logical_id}{suffix}", self.stack.origin)

    def choose_id(self, id: str | None) -> None:
        """`override_logical_id`; too late once the address is in use."""
        if self._fqn is not None:
            raise EngineError(f"'{self.path}': the logical id may not be overridden once .fqn has been requested")
        self._chosen_id = id

    def get(self, name: str) -> Any:
        match name:
            case "cdktfStack":
                return self.stack
            case "fqn":
                return self.fqn
            case "friendlyUniqueId":
                return self.logical_id
        return super().get(name)

    def invoke(self, name: str, arguments: list[Any]) -> Any:
        match name:
            case "addOverride":
                return self.overrides.add(arguments[0], arguments[1] if len(arguments) > 1 else None)
            case "overrideLogicalId":
                return self.choose_id(arguments[0])
            case "resetOverrideLogicalId":
                return self.choose_id(None)
        return super().invoke(name, arguments)

    def fragment(self) -> dict[str, Any]:
        """What the element adds to the stack's JSON (toTerraform), tokens unresolved."""
        raise NotImplementedError

    def overrides_key(self) -> str | None:
        """Under which name the stack's metadata list the keys of this element's overrides; None: not at all."""
        raise NotImplementedError


def options_of(struct: Any) -> dict[str, Any]:
    """A config struct as a map with JavaScript names, without what was not given."""
    if struct is None:
        return {}
    given = incoming(struct)
    return {js: value for js, value in given.items() if value is not None}

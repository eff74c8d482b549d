"""What a reference in an expression stands for: the thing it names, the type of its value, and whether it is ephemeral."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.terraform.declarations import Declarations, Declared, Json, resource_address
from generator.terraform.expressions import parse_template
from generator.terraform.findings import nearest
from generator.terraform.schema import Attribute, Block, BlockType, Kind, Schema, Type
from generator.terraform.traversal import ExpressionError, Step, Traversal, Wild
from generator.terraform.types import describe


class BadReference(Exception):
    """A reference to something that is not there: what was expected, and how to mend it."""

    def __init__(self, code: str, expected: str, fix: str = "") -> None:
        super().__init__(expected)
        self.code = code
        self.expected = expected
        self.fix = fix


@dataclass(frozen=True)
class Resolved:
    """`node` is the address of what is referred to, if it is part of the stack; `type` is None when not known."""

    node: str | None = None
    type: Type | None = None
    ephemeral: bool = False


_ALWAYS_THERE = {"path": ("module", "root", "cwd"), "terraform": ("workspace", "applying")}
"""https://developer.hashicorp.com/terraform/language/expressions/references#named-values"""


@dataclass
class Resolver:
    """Resolves the references of one stack."""

    declarations: Declarations
    schema: Schema

    def __post_init__(self) -> None:
        self._ephemeral_locals: dict[str, bool] = {}

    def resolve(self, traversal: Traversal, within: Json, names: Sequence[str] = ()) -> Resolved:
        """What the traversal stands for in the block `within`, where `names` are bound. Raises BadReference."""
        root, steps = traversal.root, traversal.steps
        if root in names or root == "self":
            return Resolved()
        if root in ("each", "count"):
            argument = "for_each" if root == "each" else "count"
            if argument not in within:
                raise BadReference("undeclared-reference", f"{root} only in a block with {argument}")
            return Resolved()
        if root in _ALWAYS_THERE:
            known = _ALWAYS_THERE[root]
            if not steps or steps[0] not in known:
                raise BadReference("undeclared-reference", " or ".join(f"{root}.{name}" for name in known))
            return Resolved(type="string" if root == "path" else None)
        if root == "local":
            return self._local(steps)
        if root in ("var", "module"):
            section = "variable" if root == "var" else "module"
            if not steps or not self.declarations.declares(section, str(steps[0])):
                raise BadReference("undeclared-reference", f"a {section} that the stack declares")
            return Resolved()
        return self._resource(traversal)

    def _local(self, steps: Sequence[Step]) -> Resolved:
        name = str(steps[0]) if steps else ""
        if name not in self.declarations.locals:
            known = self.declarations.locals
            raise BadReference("undeclared-reference", "a local that the stack declares", nearest(name, known))
        return Resolved(node=f"local.{name}", ephemeral=self.is_ephemeral_local(name))

    def is_ephemeral_local(self, name: str) -> bool:
        """Whether the local value is made from an ephemeral one."""
        if name not in self._ephemeral_locals:
            self._ephemeral_locals[name] = False  # so that locals that refer to each other end
            value = self.declarations.locals.get(name)
            self._ephemeral_locals[name] = any(
                traversal.root == "ephemeral"
                or (
                    traversal.root == "local"
                    and bool(traversal.steps)
                    and self.is_ephemeral_local(str(traversal.steps[0]))
                )
                for traversal in _traversals(value)
            )
        return self._ephemeral_locals[name]

    def _resource(self, traversal: Traversal) -> Resolved:
        kind, type_name, steps = _split(traversal)
        if self.schema.find(kind, type_name) is None:
            known = self.schema.names(kind)
            raise BadReference("unknown-type", f"a {_words(kind)} type of the bindings", nearest(type_name, known))
        if not steps or not isinstance(steps[0], str):
            raise BadReference("undeclared-reference", f"the name of a {type_name} after its type")
        address = resource_address(kind, type_name, steps[0])
        declared = self.declarations.resources.get(address)
        if declared is None:
            raise BadReference(
                "undeclared-reference",
                f"a {_words(kind)} that the stack declares",
                nearest(address, self.declarations.resources),
            )
        return Resolved(
            node=address,
            type=self._value_type(declared, steps[1:]),
            ephemeral=kind == "ephemeral",
        )

    def _value_type(self, declared: Declared, steps: Sequence[Step]) -> Type | None:
        found = self.schema.find(declared.kind, declared.type)
        if found is None or (declared.is_repeated and not steps):
            return None
        if not declared.is_repeated:
            return _follow(found.block, steps)
        if steps[0] is Wild.SPLAT and "for_each" in declared.body:
            raise BadReference("unknown-attribute", f"values({declared.address})[*], because it has for_each")
        value = _follow(found.block, steps[1:])
        return None if isinstance(steps[0], Wild) else value


def _split(traversal: Traversal) -> tuple[Kind, str, Sequence[Step]]:
    if traversal.root in ("data", "ephemeral"):
        kind: Kind = "data" if traversal.root == "data" else "ephemeral"
        if not traversal.steps or not isinstance(traversal.steps[0], str):
            raise BadReference("undeclared-reference", f"{traversal.root}.<type>.<name>")
        return kind, traversal.steps[0], traversal.steps[1:]
    return "resource", traversal.root, traversal.steps


def _words(kind: Kind) -> str:
    return {"resource": "resource", "data": "data source", "ephemeral": "ephemeral resource"}[kind]


def _traversals(value: object) -> Iterator[Traversal]:
    if isinstance(value, str):
        try:
            template = parse_template(value)
        except ExpressionError:
            return
        if "ephemeralasnull" not in template.calls:
            yield from template.traversals
    elif isinstance(value, dict):
        for member in value.values():
            yield from _traversals(member)
    elif isinstance(value, list):
        for member in value:
            yield from _traversals(member)


def _follow(block: Block, steps: Sequence[Step]) -> Type | None:
    """The type at the end of the steps into a block, None if a splat or an open type is on the way."""
    if not steps:
        return ["object", {}]
    step, rest = steps[0], steps[1:]
    if isinstance(step, str) and step in block["attributes"]:
        return _follow_attribute(step, block["attributes"][step], rest)
    if isinstance(step, str) and step in block["blocks"]:
        return _follow_block_type(step, block["blocks"][step], rest)
    known = [*block["attributes"], *block["blocks"]]
    hint = nearest(step, known) if isinstance(step, str) else ""
    raise BadReference("unknown-attribute", "an attribute that it has", hint)


def _follow_attribute(name: str, attribute: Attribute, steps: Sequence[Step]) -> Type | None:
    if attribute.get("write_only"):
        raise BadReference("unknown-attribute", f"an attribute that can be read; {name} is write-only")
    return _follow_type(attribute["type"], steps)


def _follow_block_type(name: str, block_type: BlockType, steps: Sequence[Step]) -> Type | None:
    nesting, block = block_type["nesting"], block_type["block"]
    if nesting == "single":
        return _follow(block, steps)
    if not steps:
        return [nesting, ["object", {}]]
    _require_index(nesting, steps[0], f"{name} is a {nesting} of blocks")
    value = _follow(block, steps[1:])
    return None if isinstance(steps[0], Wild) else value


def _follow_type(known: Type, steps: Sequence[Step]) -> Type | None:
    if not steps:
        return known
    if known == "dynamic":
        return None
    if isinstance(known, str):
        raise BadReference("unknown-attribute", f"nothing after a {known}")
    step, rest = steps[0], steps[1:]
    if known[0] == "object":
        if not isinstance(step, str) or step not in known[1]:
            hint = nearest(step, known[1]) if isinstance(step, str) else ""
            raise BadReference("unknown-attribute", "an attribute of the object", hint)
        return _follow_type(known[1][step], rest)
    _require_index(known[0], step, f"it is a {describe(known)}")
    value = _follow_type(known[1], rest)
    return None if isinstance(step, Wild) else value


def _require_index(collection: str, step: Step, reason: str) -> None:
    """Whether an item of the collection can be selected by this step."""
    if collection == "set" and step is not Wild.SPLAT:
        raise BadReference("unknown-attribute", f"[*] or tolist(…)[0]; {reason}, which has no order")
    if collection == "list" and isinstance(step, str):
        raise BadReference("unknown-attribute", f"[0] or [*] here; {reason}")
    if collection == "map" and isinstance(step, int):
        raise BadReference("unknown-attribute", f"a key; {reason}")

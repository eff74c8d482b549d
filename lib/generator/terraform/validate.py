"""Check one stack's cdk.tf.json against the providers' schemas, offline and all at once.

What it finds: unknown types and arguments, missing required ones, wrong types and values, values for read-only
arguments, too many blocks, broken expressions, unknown functions, references to what is not declared or has no such
attribute, ephemeral values where they would be stored, wrong depends_on, cycles, and settings that the platform
demands of every stack: a backend, fully qualified provider sources, exact provider versions.

What it cannot find is what the schemas do not hold: arguments that exclude each other, ranges and patterns, and
everything that only Google's API knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.terraform import settings
from generator.terraform.blocks import Checker, Use
from generator.terraform.declarations import Declarations, Declared, Json
from generator.terraform.expressions import parse_template, parse_traversal
from generator.terraform.findings import Finding, nearest
from generator.terraform.functions import BUILTIN, is_known
from generator.terraform.graph import cycles
from generator.terraform.references import BadReference, Resolver
from generator.terraform.schema import KINDS, Block, Schema
from generator.terraform.traversal import ExpressionError, Traversal
from generator.terraform.types import converts, describe, describe_value

_SECTIONS = frozenset(
    [
        "//",
        "terraform",
        "provider",
        "resource",
        "data",
        "ephemeral",
        "output",
        "locals",
        "variable",
        "module",
        "moved",
        "import",
        "removed",
        "check",
    ]
)
_META = frozenset(["//", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner", "connection"])
_LIFECYCLE = frozenset(
    [
        "//",
        "create_before_destroy",
        "prevent_destroy",
        "ignore_changes",
        "replace_triggered_by",
        "precondition",
        "postcondition",
    ]
)
_OUTPUT = frozenset(["//", "value", "description", "sensitive", "ephemeral", "depends_on", "precondition"])
_NUMBER_OF_INSTANCES = "number"


def validate_stack(tf: Json, schema: Schema) -> list[Finding]:
    """Everything wrong with the stack, sorted by address and place."""
    stack = _Stack(tf, schema)
    return sorted(set(stack.check()))


class _Stack:
    def __init__(self, tf: Json, schema: Schema) -> None:
        self.tf = tf
        self.schema = schema
        self.declarations = Declarations(tf)
        self.resolver = Resolver(self.declarations, schema)
        self.findings: list[Finding] = []
        self.edges: dict[str, list[str]] = {}

    def check(self) -> list[Finding]:
        for key in self.tf:
            if key not in _SECTIONS:
                self.report(key, "", "unknown-section", key, "a section of a configuration", nearest(key, _SECTIONS))
        self.findings += settings.check_settings(self.declarations, self.schema)
        self.shapes()
        for declared in self.declarations.resources.values():
            self.resource(declared)
        for address, body in self.declarations.providers.items():
            self.provider(address, body)
        for name, value in self.declarations.locals.items():
            checker = Checker(f"local.{name}")
            checker.scan(value, "", may_be_ephemeral=True)
            self.settle(checker, {})
        for name, body in self.declarations.outputs.items():
            self.output(name, body)
        for section in ("variable", "module", "moved", "import", "removed", "check"):
            checker = Checker(section)
            checker.scan(self.tf.get(section), "", may_be_ephemeral=section == "module")
            self.settle(checker, {})
        for cycle in cycles(self.edges):
            path = " → ".join((*cycle, cycle[0]))
            self.report(cycle[0], "", "cycle", path, "no cycle", "remove one of these references")
        return self.findings

    def report(self, address: str, path: str, code: str, found: str, expected: str, fix: str = "") -> None:
        self.findings.append(Finding(address, path, code, found, expected, fix))

    def shapes(self) -> None:
        """Check that what holds resources are objects of objects of objects."""
        for kind in KINDS:
            section = self.tf.get(kind, {})
            levels: list[tuple[str, Any]] = [(kind, section)]
            if isinstance(section, Mapping):
                levels += [(f"{kind}.{name}", objects) for name, objects in section.items() if name != "//"]
                levels += [
                    (f"{kind}.{type_name}.{name}", body)
                    for type_name, objects in section.items()
                    if isinstance(objects, Mapping)
                    for name, body in objects.items()
                ]
            for address, value in levels:
                if not isinstance(value, Mapping):
                    self.report(address, "", "wrong-type", describe_value(value), "object")

    def resource(self, declared: Declared) -> None:
        """Check a resource, data source or ephemeral resource."""
        known = self.schema.find(declared.kind, declared.type)
        self.edges.setdefault(declared.address, [])
        if known is None:
            hint = nearest(declared.type, self.schema.names(declared.kind))
            expected = "a type of the bindings that the seam names"
            self.report(declared.address, "", "unknown-type", declared.type, expected, hint)
            return
        checker = Checker(declared.address, may_be_ephemeral=declared.kind == "ephemeral")
        own = {key: value for key, value in declared.body.items() if key not in _META}
        checker.block(own, known.block)
        self.meta(declared, checker, known.block)
        self.settle(checker, declared.body)
        self.findings += settings.check_provider_of(declared, known, self.declarations)
        if declared.provider in self.declarations.providers:
            self.edges[declared.address].append(f"provider.{declared.provider}")

    def meta(self, declared: Declared, checker: Checker, block: Block) -> None:
        """Check the arguments that every resource has."""
        body = declared.body
        if "count" in body:
            checker.value(body["count"], _NUMBER_OF_INSTANCES, "count", may_be_ephemeral=False, names=())
        checker.scan(body.get("for_each"), "for_each")
        checker.scan(body.get("provisioner"), "provisioner", may_be_ephemeral=True)
        checker.scan(body.get("connection"), "connection", may_be_ephemeral=True)
        self.depends_on(declared.address, body.get("depends_on", []))
        lifecycle = body.get("lifecycle")
        for part in lifecycle if isinstance(lifecycle, list) else [lifecycle]:
            if isinstance(part, Mapping):
                self.lifecycle(declared.address, part, checker, block)

    def lifecycle(self, address: str, lifecycle: Json, checker: Checker, block: Block) -> None:
        for key in lifecycle:
            if key not in _LIFECYCLE:
                hint = nearest(key, _LIFECYCLE)
                checker.report(f"lifecycle.{key}", "unknown-argument", key, "an argument of lifecycle", hint)
        for key in ("create_before_destroy", "prevent_destroy"):
            if key in lifecycle:
                checker.value(lifecycle[key], "bool", f"lifecycle.{key}", may_be_ephemeral=False, names=())
        ignored = lifecycle.get("ignore_changes", [])
        for name in ignored if isinstance(ignored, list) else []:
            root = str(name).split(".")[0].split("[")[0]
            if root not in block["attributes"] and root not in block["blocks"]:
                known = [*block["attributes"], *block["blocks"]]
                found, expected = repr(name), "an argument that the type has"
                checker.report("lifecycle.ignore_changes", "unknown-argument", found, expected, nearest(root, known))
        for condition in ("precondition", "postcondition"):
            checker.scan(lifecycle.get(condition), f"lifecycle.{condition}")
        self.depends_on(address, lifecycle.get("replace_triggered_by", []), "lifecycle.replace_triggered_by")

    def depends_on(self, address: str, targets: Any, path: str = "depends_on") -> None:
        """Check a list of bare references; each makes an edge."""
        if not isinstance(targets, list):
            self.report(address, path, "wrong-type", describe_value(targets), "list of references")
            return
        for index, target in enumerate(targets):
            place = f"{path}[{index}]"
            try:
                traversal = parse_traversal(str(target).removeprefix("${").removesuffix("}"))
                resolved = self.resolver.resolve(traversal, {"each": None})
            except ExpressionError as error:
                self.report(address, place, "bad-reference", repr(target), str(error))
            except BadReference as error:
                self.report(address, place, error.code, repr(target), error.expected, error.fix)
            else:
                if resolved.node is not None:
                    self.edges.setdefault(address, []).append(resolved.node)

    def provider(self, address: str, body: Json) -> None:
        """Check the configuration of a provider."""
        block = self.schema.provider_block(address.split(".")[0])
        checker = Checker(f"provider.{address}", may_be_ephemeral=True)
        if block is None:
            checker.scan(body, "", may_be_ephemeral=True)
        else:
            checker.block({key: value for key, value in body.items() if key != "alias"}, block)
        self.settle(checker, {})

    def output(self, name: str, body: Any) -> None:
        """Check an output; outputs of these stacks are stored, so none may be ephemeral."""
        checker = Checker(f"output.{name}")
        if not isinstance(body, Mapping) or "value" not in body:
            checker.report("value", "missing-argument", "nothing", "the output's value", "set it")
            body = {}
        for key in body:
            if key not in _OUTPUT:
                checker.report(key, "unknown-argument", key, "an argument of an output", nearest(key, _OUTPUT))
        for key in ("sensitive", "ephemeral"):
            if key in body:
                checker.value(body[key], "bool", key, may_be_ephemeral=False, names=())
        checker.scan(body.get("value"), "value")
        checker.scan(body.get("precondition"), "precondition")
        self.depends_on(checker.address, body.get("depends_on", []))
        self.settle(checker, {})

    def settle(self, checker: Checker, within: Json) -> None:
        """Take over a checker's findings and check its expressions; `within` is the block they stand in."""
        self.findings += checker.findings
        edges = self.edges.setdefault(checker.address, [])
        for use in checker.uses:
            try:
                template = parse_template(use.text)
            except ExpressionError as error:
                place = f"{describe_value(use.text)} (character {error.offset + 1})"
                self.report(checker.address, use.path, "bad-expression", place, str(error))
                continue
            for name in template.calls:
                if not is_known(name):
                    expected = "a function of Terraform"
                    self.report(checker.address, use.path, "unknown-function", name, expected, nearest(name, BUILTIN))
            if not template.is_expression and isinstance(use.wanted, list):
                found, expected = describe_value(use.text), describe(use.wanted)
                self.report(checker.address, use.path, "wrong-type", f"the string {found}", expected)
            hides_ephemeral = "ephemeralasnull" in template.calls
            for traversal in template.traversals:
                node = self.reference(checker.address, use, traversal, within, template.sole, hides_ephemeral)
                if node is not None:
                    edges.append(node)

    def reference(
        self,
        address: str,
        use: Use,
        traversal: Traversal,
        within: Json,
        sole: Traversal | None,
        hides_ephemeral: bool,
    ) -> str | None:
        """Check one reference of an expression; the address that it makes an edge to."""
        try:
            resolved = self.resolver.resolve(traversal, within, use.names)
        except BadReference as error:
            self.report(address, use.path, error.code, str(traversal), error.expected, error.fix)
            return None
        if resolved.ephemeral and not use.may_be_ephemeral and not hides_ephemeral:
            found, expected = f"the ephemeral value {traversal}", "a value that may be stored"
            fix = "give it to a write-only argument (…_wo), a provider or an ephemeral resource"
            self.report(address, use.path, "ephemeral-value", found, expected, fix)
        is_sole = sole is not None and use.wanted is not None and resolved.type is not None
        if is_sole and not converts(resolved.type or "dynamic", use.wanted or "dynamic"):
            found = f"{traversal}, a {describe(resolved.type or 'dynamic')}"
            self.report(address, use.path, "wrong-type", found, describe(use.wanted or "dynamic"))
        return resolved.node

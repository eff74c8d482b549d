"""Check what a block holds against its schema, and collect the expressions in it.

The forms a block may take in JSON are those of https://developer.hashicorp.com/terraform/language/syntax/json: one
nested block is an object or a list with one object, several are a list of objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.terraform.expressions import parse_template
from generator.terraform.findings import Finding, nearest
from generator.terraform.schema import Attribute, Block, BlockType, Type
from generator.terraform.traversal import ExpressionError
from generator.terraform.types import describe, describe_value, literal_fits


@dataclass(frozen=True)
class Use:
    """One template with expressions in it: where it stands, and what may stand there."""

    path: str
    text: str
    wanted: Type | None = None
    may_be_ephemeral: bool = False
    names: tuple[str, ...] = ()
    """The iterators of the `dynamic` blocks around it."""


@dataclass
class Checker:
    """Checks one thing of a stack; what is wrong is in `findings`, the expressions are in `uses`."""

    address: str
    may_be_ephemeral: bool = False
    """Whether every argument takes ephemeral values, not only write-only ones."""
    findings: list[Finding] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)

    def report(self, path: str, code: str, found: str, expected: str, fix: str = "") -> None:
        """Add a finding about the place `path` in it."""
        self.findings.append(Finding(self.address, path, code, found, expected, fix))

    def block(self, body: Any, schema: Block, path: str = "", names: tuple[str, ...] = ()) -> None:
        """Check that the object `body` is a block of that schema."""
        if not isinstance(body, Mapping):
            self.report(path, "wrong-type", describe_value(body), "a block (object)")
            return
        for key, value in body.items():
            inner = _join(path, key)
            if key == "//" or value is None:
                continue
            if key == "dynamic":
                self.dynamic(value, schema, inner, names)
            elif key in schema["attributes"]:
                self.attribute(value, schema["attributes"][key], inner, names)
            elif key in schema["blocks"]:
                self.blocks(value, schema["blocks"][key], inner, names)
            else:
                known = [*schema["attributes"], *schema["blocks"]]
                self.report(inner, "unknown-argument", key, "an argument that the type has", nearest(key, known))
        self.required(body, schema, path)

    def required(self, body: Mapping[str, Any], schema: Block, path: str) -> None:
        """Check that what must be there is there."""
        dynamic = body.get("dynamic")
        for key, attribute in schema["attributes"].items():
            if attribute.get("required") and body.get(key) is None:
                self.report(_join(path, key), "missing-argument", "nothing", describe(attribute["type"]), "set it")
        for key, block_type in schema["blocks"].items():
            given = body.get(key)
            if not block_type.get("min_items") or (isinstance(dynamic, Mapping) and key in dynamic):
                continue
            if given is None or given == []:
                self.report(_join(path, key), "missing-block", "nothing", "at least one block", "add it")

    def attribute(self, value: Any, schema: Attribute, path: str, names: tuple[str, ...]) -> None:
        """Check the value of an argument."""
        if schema.get("computed") and not schema.get("optional") and not schema.get("required"):
            self.report(path, "read-only", "a value", "no value, because the provider sets it", "remove it")
            return
        may_be_ephemeral = self.may_be_ephemeral or bool(schema.get("write_only"))
        self.value(value, schema["type"], path, may_be_ephemeral, names)
        allowed = schema.get("values")
        if allowed and isinstance(value, str) and value:
            self.one_of(value, allowed, path)

    def one_of(self, value: str, allowed: list[str], path: str) -> None:
        """Check that a plain string is one of the values that the provider accepts."""
        try:
            literal = parse_template(value).literal
        except ExpressionError:
            return  # reported where its references are resolved
        if literal is not None and literal not in allowed:
            self.report(path, "wrong-value", repr(literal), "one of " + ", ".join(allowed), nearest(literal, allowed))

    def value(self, value: Any, wanted: Type, path: str, may_be_ephemeral: bool, names: tuple[str, ...]) -> None:
        """Check a value against its type; a template is checked later, when what it refers to is known."""
        if isinstance(value, str) and ("${" in value or "%{" in value):
            self.uses.append(Use(path, value, wanted, may_be_ephemeral, names))
        elif isinstance(wanted, str) and wanted == "dynamic":
            self.scan(value, path, may_be_ephemeral, names)
        elif isinstance(wanted, str) or value is None:
            if not literal_fits(value, wanted):
                self.report(path, "wrong-type", describe_value(value), describe(wanted))
        elif wanted[0] in ("list", "set") and isinstance(value, list):
            for index, item in enumerate(value):
                self.value(item, wanted[1], f"{path}[{index}]", may_be_ephemeral, names)
        elif wanted[0] in ("map", "object") and isinstance(value, Mapping):
            for key, item in value.items():
                inner = wanted[1] if wanted[0] == "map" else wanted[1].get(key, "dynamic")
                self.value(item, inner, _join(path, key), may_be_ephemeral, names)
        else:
            self.report(path, "wrong-type", describe_value(value), describe(wanted))

    def blocks(self, value: Any, schema: BlockType, path: str, names: tuple[str, ...]) -> None:
        """Check one or several nested blocks of one type."""
        nesting = schema["nesting"]
        if isinstance(value, str) and "${" in value:
            self.uses.append(Use(path, value, None, self.may_be_ephemeral, names))
        elif nesting == "map" and isinstance(value, Mapping):
            for key, item in value.items():
                self.block(item, schema["block"], _join(path, key), names)
        elif isinstance(value, list):
            maximum = 1 if nesting == "single" else schema.get("max_items")
            if maximum and len(value) > maximum:
                self.report(path, "too-many-blocks", f"{len(value)} blocks", f"at most {maximum}")
            for index, item in enumerate(value):
                self.block(item, schema["block"], f"{path}[{index}]", names)
        else:
            self.block(value, schema["block"], path, names)

    def dynamic(self, value: Any, schema: Block, path: str, names: tuple[str, ...]) -> None:
        """Check `dynamic` blocks: https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks."""
        for label, blocks in value.items() if isinstance(value, Mapping) else ():
            block_type = schema["blocks"].get(label)
            if block_type is None:
                hint = nearest(label, schema["blocks"])
                self.report(_join(path, label), "unknown-argument", label, "a block that the type has", hint)
                continue
            for index, block in enumerate(blocks if isinstance(blocks, list) else [blocks]):
                inner = f"{_join(path, label)}[{index}]"
                if not isinstance(block, Mapping) or "for_each" not in block or "content" not in block:
                    self.report(inner, "wrong-type", describe_value(block), "for_each and content")
                    continue
                self.scan(block["for_each"], f"{inner}.for_each", self.may_be_ephemeral, names)
                content = block["content"]
                content = content[0] if isinstance(content, list) and len(content) == 1 else content
                bound = (*names, str(block.get("iterator", label)))
                self.block(content, block_type["block"], f"{inner}.content", bound)

    def scan(self, value: Any, path: str, may_be_ephemeral: bool = False, names: tuple[str, ...] = ()) -> None:
        """Collect the expressions in a value of any shape."""
        if isinstance(value, str):
            if "${" in value or "%{" in value:
                self.uses.append(Use(path, value, None, may_be_ephemeral, names))
        elif isinstance(value, Mapping):
            for key, item in value.items():
                if key != "//":
                    self.scan(item, _join(path, key), may_be_ephemeral, names)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                self.scan(item, f"{path}[{index}]", may_be_ephemeral, names)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key

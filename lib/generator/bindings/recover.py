"""Put one resource kind's schema together from its JavaScript (names, types, nesting) and its jsii types (required).

A block is `{"attributes": {name: attribute}, "blocks": {name: block type}}`; see `generator.bindings.cut` for the keys.
What the bindings do not hold cannot be recovered: optional attributes that the provider also computes are recovered
as optional only; conflicts between arguments, value ranges, defaults and replacement are not known at all, and the
possible values of an argument only where the documentation lists them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from generator.bindings import javascript
from generator.bindings.javascript import Argument, Getter, JsClass, JsModule, Type, Unreadable
from generator.bindings.tarball import Assembly

Block = dict[str, Any]
KINDS = {"TerraformResource": "resource", "TerraformDataSource": "data", "TerraformProvider": "provider"}


@dataclass(frozen=True)
class Recovered:
    """The schema of one module: `kind` is resource, data or provider."""

    kind: str
    name: str
    """The Terraform type, such as `google_project`; for a provider its local name."""
    entry: dict[str, Any]
    provider_source: str | None
    provider_version: str | None
    provider_constraint: str | None


def recover(module: str, submodule: str, source: str, assembly: Assembly) -> Recovered:
    """The schema of the resource kind that `source` (JavaScript) defines.

    `submodule` is the jsii name, such as `@cdktf/provider-google.sqlUser`. Raises Unreadable.
    """
    parsed = javascript.parse_module(source)
    for cls in parsed.classes.values():
        if cls.base in KINDS:
            break
    else:
        raise Unreadable("no resource, data source or provider class")
    name = cls.text("terraformResourceType")
    if name is None:
        raise Unreadable(f"{cls.name} names no Terraform type")
    reader = _Reader(parsed, submodule, assembly["types"])
    config = reader.config_struct(cls.name)
    block = reader.block(javascript.resource_arguments(cls), cls, config, ())
    return Recovered(
        kind=KINDS[cls.base],
        name=name,
        entry={"module": module, "class": cls.name, "config": config, "block": block},
        provider_source=cls.text("terraformProviderSource"),
        provider_version=cls.text("providerVersion"),
        provider_constraint=cls.text("providerVersionConstraint"),
    )


@dataclass(frozen=True)
class _Reader:
    module: JsModule
    submodule: str
    types: dict[str, Any]

    def config_struct(self, cls: str) -> str:
        """The struct of the constructor's third parameter: `<class>Config`, or another name where that was taken."""
        declared: dict[str, Any] = self.types.get(f"{self.submodule}.{cls}", {})
        parameters = declared.get("initializer", {}).get("parameters", [])
        if len(parameters) > 2 and "fqn" in parameters[2]["type"]:
            return str(parameters[2]["type"]["fqn"].rsplit(".", 1)[1])
        return f"{cls}Config"

    def block(self, arguments: Sequence[Argument], cls: JsClass | None, struct: str, within: tuple[str, ...]) -> Block:
        """The block that `arguments` configure and `cls` reads; `within` are the structs around it."""
        getters = cls.getters if cls else {}
        properties = {p["name"]: p for p in self.types.get(f"{self.submodule}.{struct}", {}).get("properties", [])}
        attributes: dict[str, Any] = {}
        blocks: dict[str, Any] = {}
        for argument in arguments:
            js = _renamed(argument.js, properties)
            required = js in properties and not properties[js].get("optional", False)
            use = {"required": True} if required else {"optional": True}
            computed = {"computed": True} if cls and cls.computed.get(argument.name) else {}
            if argument.type is not None:
                values = _values(properties.get(js or "", {})) if argument.type == "string" else {}
                attributes[argument.name] = {"js": js, "type": argument.type, **use, **computed, **values}
            else:
                nested = self.nested(argument, getters.get(argument.name), within)
                minimum = {"min_items": 1} if required else {}
                blocks[argument.name] = {"js": js, **nested, **minimum, **computed}
        for name, getter in getters.items():
            if name not in attributes and name not in blocks:
                attributes[name] = self.computed_attribute(getter, within)
        return {"attributes": attributes, "blocks": blocks}

    def nested(self, argument: Argument, getter: Getter | None, within: tuple[str, ...]) -> dict[str, Any]:
        """The nesting, struct and block of an argument that is a struct or a collection of them."""
        stem = argument.struct_function or ""
        if stem not in self.module.functions:
            raise Unreadable(f"no function {stem}ToHclTerraform")
        reading = self.module.classes.get(getter.cls or "") if getter else None
        single = reading is not None and reading.base == "ComplexObject"
        item = reading if single or reading is None else self.module.classes[reading.item_class()]
        struct = stem[0].upper() + stem[1:]
        nested: dict[str, Any] = {"nesting": argument.nesting, "struct": struct}
        if reading is not None:
            nested["class"] = reading.name
        if single and argument.nesting in ("list", "set"):
            nested["max_items"] = 1
        if not argument.is_block:
            nested["attribute"] = True
        if struct in within:
            raise Unreadable(f"{struct} contains itself")
        own = javascript.arguments(self.module.functions[stem])
        nested["block"] = self.block(own, item, struct, (*within, struct))
        return nested

    def computed_attribute(self, getter: Getter, within: tuple[str, ...]) -> dict[str, Any]:
        """An attribute that can only be read."""
        attribute: dict[str, Any] = {"js": getter.js, "computed": True}
        if getter.cls is None or getter.type is not None:
            attribute["type"] = getter.type
        else:
            attribute["type"] = self.object_type(getter, within)
        if getter.cls is not None:
            attribute["class"] = getter.cls
        return attribute

    def object_type(self, getter: Getter, within: tuple[str, ...]) -> Type:
        """The type of an attribute that is read through a class of this module."""
        cls = self.module.classes.get(getter.cls or "")
        if cls is None:
            raise Unreadable(f"{getter.name} is read through {getter.cls}")
        item = cls if cls.base == "ComplexObject" else self.module.classes[cls.item_class()]
        stem = item.name.removesuffix("OutputReference")
        function = self.module.functions.get(stem[0].lower() + stem[1:], "")
        if stem in within:
            raise Unreadable(f"{stem} contains itself")
        fields = _object(self.block(javascript.arguments(function), item, stem, (*within, stem)))
        if cls.base == "ComplexObject":
            return fields
        collection = {"ComplexMap": "map", "ComplexList": "set" if getter.wraps_set else "list"}[cls.base]
        return [collection, fields]


_POSSIBLE_VALUES = re.compile(r'Possible values: (\["[^"]*"(?:, "[^"]*")*\])')


def _values(declared: dict[str, Any]) -> dict[str, list[str]]:
    """The values that the provider accepts, where its documentation lists them in the form that is generated.

    Google's provider is generated from definitions with `enum_values`, and its code and this sentence of its
    documentation from the same list (https://googlecloudplatform.github.io/magic-modules/reference/field/).
    """
    docs = declared.get("docs", {})
    match = _POSSIBLE_VALUES.search(f"{docs.get('summary', '')} {docs.get('remarks', '')}")
    return {"values": json.loads(match[1])} if match else {}


def _object(block: Block) -> Type:
    fields: dict[str, Any] = {name: attribute["type"] for name, attribute in block["attributes"].items()}
    for name, nested in block["blocks"].items():
        inner = _object(nested["block"])
        fields[name] = inner if nested["nesting"] == "single" else [nested["nesting"], inner]
    return ["object", fields]


def _renamed(js: str | None, properties: dict[str, Any]) -> str | None:
    """CDKTF appends `Attribute` to a property whose name is taken, such as `provider` or `lifecycle`."""
    if js and js not in properties and f"{js}Attribute" in properties:
        return f"{js}Attribute"
    return js


def iter_blocks(block: Block, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Block]]:
    """The block and every block nested in it, each with its path."""
    yield path, block
    for name, nested in block["blocks"].items():
        yield from iter_blocks(nested["block"], (*path, name))

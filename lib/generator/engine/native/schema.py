"""What the generated provider code knows about each resource kind, read from the recovered schema.

CDKTF's generated JavaScript holds, per property, the Terraform name and how to write its value; the schema that the
bindings' cut recovers from it says the same as data. A `Block` answers the two questions of the kernel: what is
property `js` called in Terraform, and what is inside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.engine.errors import EngineError


@dataclass(frozen=True, slots=True)
class Property:
    """One argument or attribute of a block."""

    tf: str
    type: Any
    """"string", "number", "bool", or a list such as ["list", "string"]; None for a nested block."""
    block: Block | None
    """What is inside a nested block or object; None for plain values."""
    is_set: bool
    """Read through `tolist(…)`, because Terraform's sets have no order."""
    is_list: bool
    """A block that may be given several times."""
    is_map: bool
    """A map of structs."""
    indexed: bool
    """A block that may be given once but is a list in Terraform: it is read as `name[0]`."""


class Block:
    """The properties of a resource, of a nested block or of a computed object; read from the raw schema when asked."""

    def __init__(self, raw: Mapping[str, Any] | None, fields: Mapping[str, Any] | None = None) -> None:
        """`raw` is a block of the schema, `fields` the attribute types of a computed object (names → types)."""
        self._raw = raw
        self._fields = fields
        self._properties: dict[str, Property] = {}
        self._names: dict[str, str] | None = None
        self.by_struct: dict[type, dict[str, Property]] = {}
        """Cache of `values.configuration`: struct class → Python property → property."""

    def get(self, js: str) -> Property | None:
        """The property that the bindings call `js`, or None where the block has no such property."""
        known = self._properties.get(js)
        if known is None:
            if self._names is None:
                self._names = self._js_names()
            tf = self._names.get(js) if self._fields is None else self._field(js)
            if tf is None:
                return None
            known = self._properties[js] = self._property(tf)
        return known

    def _field(self, js: str) -> str | None:
        names = self._names or {}
        # the bindings call an attribute whose name is taken `<name>Attribute`
        return names.get(_squeezed(js)) or names.get(_squeezed(js.removesuffix("Attribute")))

    def _js_names(self) -> dict[str, str]:
        if self._raw is None:
            return {_squeezed(tf): tf for tf in self._fields or {}}
        parts = (self._raw["attributes"], self._raw["blocks"])
        return {entry["js"]: tf for part in parts for tf, entry in part.items()}

    def _property(self, tf: str) -> Property:
        if self._raw is None:
            return _attribute(tf, (self._fields or {})[tf])
        nested = self._raw["blocks"].get(tf)
        if nested is None:
            return _attribute(tf, self._raw["attributes"][tf]["type"])
        nesting = nested["nesting"]
        indexed = nesting in ("list", "set") and nested.get("max_items") == 1
        return Property(
            tf,
            None,
            Block(nested["block"]),
            is_set=nesting == "set",
            is_list=nesting == "list",
            is_map=nesting == "map",
            indexed=indexed,
        )


def _attribute(tf: str, of_type: Any) -> Property:
    is_set = isinstance(of_type, list) and of_type[0] == "set"
    return Property(tf, of_type, _object(of_type), is_set, is_list=False, is_map=False, indexed=False)


def _object(of_type: Any) -> Block | None:
    """The fields of an object type, or of the objects in a collection type."""
    if not isinstance(of_type, list):
        return None
    if of_type[0] == "object":
        return Block(None, of_type[1])
    return _object(of_type[1])


def _squeezed(name: str) -> str:
    """A name without underscores and case: object types keep Terraform's names only, `ipAddress` is `ip_address`."""
    return name.replace("_", "").lower()


@dataclass(frozen=True)
class Kind:
    """One resource kind, data source or provider of the bindings."""

    kind: str
    """resource, data or provider."""
    terraform_type: str
    block: Block
    provider: str
    provider_source: str
    provider_version: str


@dataclass
class Schema:
    """The recovered schema, by the Python module that holds the class."""

    raw: dict[tuple[str, str], tuple[str, str, Mapping[str, Any], Mapping[str, Any]]]
    """(package, module) → (kind, Terraform type, entry, the package's own facts)."""
    _kinds: dict[tuple[str, str], Kind] = field(default_factory=dict)

    @classmethod
    def of(cls, providers: Mapping[str, Any]) -> Schema:
        """The schema in what `read` returns."""
        entries: dict[tuple[str, str], tuple[str, str, Mapping[str, Any], Mapping[str, Any]]] = {}
        for name, provider in providers.items():
            package = provider["package"]
            facts = {"name": name, "source": provider["source"], "version": provider["version"]}
            entries[package, provider["provider"]["module"]] = ("provider", name, provider["provider"], facts)
            for kind in ("resource", "data"):
                for terraform_type, entry in provider[kind].items():
                    entries[package, entry["module"]] = (kind, terraform_type, entry, facts)
        return cls(entries)

    def kind(self, package: str, module: str) -> Kind | None:
        """The kind that the Python module `package.module` holds, or None for a module without a schema."""
        key = (package, module)
        known = self._kinds.get(key)
        if known is None and key in self.raw:
            kind, terraform_type, entry, facts = self.raw[key]
            known = self._kinds[key] = Kind(
                kind, terraform_type, Block(entry["block"]), facts["name"], facts["source"], facts["version"]
            )
        return known


def read(path: Path) -> dict[str, Any]:
    """The schema as it lies in the file: provider's local name → provider. Raises EngineError."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise EngineError(f"{path}: the bindings' schema cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise EngineError(f"{path}: this is not a schema of bindings")
    return document

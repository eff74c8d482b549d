"""The providers' schemas, as `generator.bindings` writes them into schema.json, ready to look types up in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NotRequired, TypedDict

Type = str | list[Any]
"""Terraform's JSON form of a type: "string", ["list", "string"], ["object", {"name": "string"}]."""
Kind = Literal["resource", "data", "ephemeral"]
KINDS: tuple[Kind, ...] = ("resource", "data", "ephemeral")


class Attribute(TypedDict):
    """An attribute; see `generator.bindings.cut` for the keys."""

    type: Type
    js: str
    required: NotRequired[bool]
    optional: NotRequired[bool]
    computed: NotRequired[bool]
    write_only: NotRequired[bool]
    values: NotRequired[list[str]]


class BlockType(TypedDict):
    """A nested block, or with `attribute` an attribute that is an object or a collection of them."""

    nesting: Literal["single", "list", "set", "map"]
    block: Block
    js: str
    min_items: NotRequired[int]
    max_items: NotRequired[int]
    computed: NotRequired[bool]
    attribute: NotRequired[bool]


class Block(TypedDict):
    """What a block may hold."""

    attributes: dict[str, Attribute]
    blocks: dict[str, BlockType]


@dataclass(frozen=True)
class ResourceType:
    """One type of resource, data source or ephemeral resource, and the local name of its provider."""

    kind: Kind
    name: str
    provider: str
    block: Block


def _builtin(**attributes: Attribute) -> Block:
    return {"attributes": attributes, "blocks": {}}


_OPTIONAL_STRING: Attribute = {"type": "string", "js": "", "optional": True}
_OPTIONAL_ANY: Attribute = {"type": "dynamic", "js": "", "optional": True}
_COMPUTED_ANY: Attribute = {"type": "dynamic", "js": "", "computed": True}
_BUILTIN_TYPES = (
    ResourceType(
        kind="data",
        name="terraform_remote_state",
        provider="terraform",
        block=_builtin(
            backend={"type": "string", "js": "", "required": True},
            config=_OPTIONAL_ANY,
            defaults=_OPTIONAL_ANY,
            outputs=_COMPUTED_ANY,
            workspace=_OPTIONAL_STRING,
        ),
    ),
    ResourceType(
        kind="resource",
        name="terraform_data",
        provider="terraform",
        block=_builtin(
            id={"type": "string", "js": "", "computed": True},
            input=_OPTIONAL_ANY,
            output=_COMPUTED_ANY,
            triggers_replace=_OPTIONAL_ANY,
        ),
    ),
)
"""The types of `terraform.io/builtin/terraform`, which every Terraform has without a provider.

https://developer.hashicorp.com/terraform/language/state/remote-state-data and …/language/resources/terraform-data
"""


@dataclass(frozen=True)
class Schema:
    """The schemas of all providers that stacks may use."""

    providers: Mapping[str, Mapping[str, Any]]
    """Local name → the provider as in schema.json."""

    def find(self, kind: Kind, name: str) -> ResourceType | None:
        """The type of that kind and name, or None."""
        return self._types[kind].get(name)

    def names(self, kind: Kind) -> tuple[str, ...]:
        """The names of all types of that kind."""
        return tuple(self._types[kind])

    def provider_block(self, name: str) -> Block | None:
        """What the configuration of the provider with that local name may hold, without `alias`."""
        provider = self.providers.get(name)
        if provider is None:
            return None
        block: Block = provider["provider"]["block"]
        attributes = {key: value for key, value in block["attributes"].items() if key != "alias"}
        return {"attributes": attributes, "blocks": block["blocks"]}

    @cached_property
    def _types(self) -> dict[Kind, dict[str, ResourceType]]:
        types: dict[Kind, dict[str, ResourceType]] = {kind: {} for kind in KINDS}
        for builtin in _BUILTIN_TYPES:
            types[builtin.kind][builtin.name] = builtin
        for provider, schema in self.providers.items():
            for kind in KINDS:
                for name, entry in schema[kind].items():
                    types[kind][name] = ResourceType(kind=kind, name=name, provider=provider, block=entry["block"])
        return types


def load_schema(path: Path) -> Schema:
    """The schema in a schema.json of the bindings."""
    return Schema(providers=json.loads(path.read_bytes()))

"""Random configurations of every resource kind in the schema, the same for the same seed on every engine.

Import this module after `generator.engine.activate` only.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import cdktf

MODES = ("minimal", "full", "random", "another")
TEXTS = ("a", "x-y", "europe-west1", "é✓", "${var.x}", "line\nbreak", 'a"q\\z', "")
NUMBERS = (0, 1, 3, 2.5, 10000000, -1)
KEYS = ("k1", "camelCase", "with-dash", "UPPER", "tags")
_DEEPEST = 6


def build_all(app: cdktf.App, seed: int, schema: Path) -> None:
    """One stack per resource kind and data source, with one resource per mode in it."""
    random = Random(seed)
    providers = json.loads(schema.read_bytes())
    for name in sorted(providers):
        for kind in ("resource", "data"):
            for terraform_type, entry in sorted(providers[name][kind].items()):
                stack = cdktf.TerraformStack(app, f"{kind}-{terraform_type}")
                cdktf.GcsBackend(stack, bucket="b", prefix=terraform_type)
                _provider(stack, providers[name])
                module = importlib.import_module(f"{providers[name]['package']}.{entry['module']}")
                for mode in MODES:
                    arguments = Configuration(module, random, mode).arguments(entry["config"], entry["block"])
                    resource = getattr(module, entry["class"])(stack, mode, **arguments)
                    read_back(stack, resource, entry["block"], random)


def _provider(stack: cdktf.TerraformStack, provider: dict[str, Any]) -> None:
    entry = provider["provider"]
    module = importlib.import_module(f"{provider['package']}.{entry['module']}")
    getattr(module, entry["class"])(stack, "provider")


class Configuration:
    """Makes one resource's arguments: every required one, and of the others none, all, or some."""

    def __init__(self, module: ModuleType, random: Random, mode: str) -> None:
        self.module = module
        self.random = random
        self.mode = mode

    def arguments(self, struct: str, block: dict[str, Any], depth: int = 0) -> dict[str, Any]:
        """Python property → value, for the struct that configures `block`."""
        names = {js: py for py, js in getattr(self.module, struct).__jsii_name_mapping__.items()}
        chosen: dict[str, Any] = {}
        for tf in sorted(block["attributes"]):
            attribute = block["attributes"][tf]
            if not (attribute.get("required") or attribute.get("optional")) or attribute["js"] not in names:
                continue
            if attribute.get("required") or self._wanted():
                chosen[names[attribute["js"]]] = self._value(attribute["type"])
        for tf in sorted(block["blocks"]):
            nested = block["blocks"][tf]
            if nested.get("min_items") or (depth < _DEEPEST and self._wanted()):
                chosen[names[nested["js"]]] = self._nested(nested, depth + 1)
        return chosen

    def _wanted(self) -> bool:
        return self.mode == "full" or (self.mode != "minimal" and self.random.random() < 0.4)

    def _nested(self, nested: dict[str, Any], depth: int) -> Any:
        def one() -> Any:
            return getattr(self.module, nested["struct"])(**self.arguments(nested["struct"], nested["block"], depth))

        if nested["nesting"] == "map":
            return {"key": one()}
        if nested["nesting"] == "single" or nested.get("max_items") == 1:
            return one()
        return [one() for _ in range(self.random.randint(1, 2))]

    def _value(self, of_type: Any) -> Any:
        match of_type:
            case "string":
                return self.random.choice(TEXTS)
            case "number":
                return self.random.choice(NUMBERS)
            case "bool":
                return self.random.random() < 0.5
            case ["list" | "set", item]:
                return [self._value(item) for _ in range(self.random.randint(0, 3))]
            case ["map", item]:
                return {key: self._value(item) for key in self.random.sample(KEYS, self.random.randint(0, 3))}
        raise AssertionError(f"no values for the type {of_type}")


def read_back(stack: cdktf.TerraformStack, resource: Any, block: dict[str, Any], random: Random) -> None:
    """Outputs of the resource's attributes, and of a random walk into its nested references."""
    members = _members(type(resource))
    values: list[Any] = []
    for part in (block["attributes"], block["blocks"]):
        for tf in sorted(part):
            python_name = members.get(part[tf]["js"])
            if python_name is not None:
                value = getattr(resource, python_name)
                values.append(value)
                values.extend(_walk(value, random, 0))
    cdktf.TerraformOutput(stack, f"read-{resource.node.id}", value=values)


def _walk(value: Any, random: Random, depth: int) -> list[Any]:
    """What a nested reference holds: every list item's and object's attributes, one nested path further down."""
    if depth > 3 or not type(value).__name__.endswith(("List", "OutputReference")):
        return []
    if type(value).__name__.endswith("List"):
        item = value.get(random.randint(0, 2))
        looked_up = [item.lookup("some-key")] if hasattr(item, "lookup") else []
        return [item, *looked_up, *_walk(item, random, depth + 1)]
    found: list[Any] = []
    for js, python_name in sorted(_members(type(value)).items()):
        if not js.endswith("Input") and js not in ("internalValue", "fqn", "creationStack"):
            inner = getattr(value, python_name)
            found.append(inner)
            if random.random() < 0.3:
                found.extend(_walk(inner, random, depth + 1))
    return found


def _members(python_class: type) -> dict[str, str]:
    """JavaScript name → Python name of the properties that the generated class itself declares."""
    found = {}
    for name, member in vars(python_class).items():
        js = getattr(getattr(member, "fget", None), "__jsii_name__", None)
        if js is not None and isinstance(member, property):
            found[js] = name
    return found

"""Outputs, locals and variables (CDKTF's TerraformOutput, TerraformLocal, TerraformVariable)."""

from __future__ import annotations

from typing import Any

from generator.engine.native.elements import Element
from generator.engine.native.merge import deep_merge, keys_to_snake_case
from generator.engine.native.tokens import (
    ANY_MAP_VALUE,
    NUMBER_MAP_VALUE,
    STRING_MAP_VALUE,
    TOKENS,
    as_any,
    is_unresolved,
)
from generator.engine.native.tree import Construct


class Output(Element):
    """`output`: a value kept in the stack's state."""

    def __init__(self, owner: Any, scope: Construct, id: str, config: dict[str, Any]) -> None:
        super().__init__(owner, scope, id)
        self.config = config
        if config.get("staticId"):
            self.choose_id(self.id)

    def get(self, name: str) -> Any:
        match name:
            case "value" | "description" | "sensitive" | "dependsOn" | "precondition":
                return self.config.get(name)
            case "staticId":
                return self.logical_id == self.id
        return super().get(name)

    def set(self, name: str, value: Any) -> None:
        match name:
            case "value" | "description" | "sensitive" | "dependsOn" | "precondition":
                self.config[name] = value
            case "staticId":
                self.choose_id(self.id if value else None)
            case _:
                super().set(name, value)

    def fragment(self) -> dict[str, Any]:
        depends_on = self.config.get("dependsOn")
        body = {
            "value": output_value(self.config.get("value")),
            "description": self.config.get("description"),
            "sensitive": self.config.get("sensitive"),
            "depends_on": None if depends_on is None else [element.fqn for element in depends_on],
        }
        return {"output": {self.logical_id: deep_merge(body, self.overrides.values)}}

    def overrides_key(self) -> str:
        return "output"


def output_value(value: Any) -> Any:
    """An output's value, with constructs replaced by their addresses."""
    if is_unresolved(value):
        return value
    if isinstance(value, list):
        return [output_value(item) for item in value]
    if isinstance(value, dict):
        return {key: output_value(item) for key, item in value.items()}
    return value.fqn if isinstance(value, Element) else value


class Local(Element):
    """`locals`: a named expression."""

    address_prefix = "local"

    def __init__(self, owner: Any, scope: Construct, id: str, expression: Any) -> None:
        super().__init__(owner, scope, id)
        self.expression = expression

    def get(self, name: str) -> Any:
        match name:
            case "expression":
                return as_any(self.reference())
            case "asString":
                return TOKENS.string(self.reference())
            case "asNumber":
                return TOKENS.number(self.reference())
            case "asList":
                return TOKENS.items(self.reference())
            case "asBoolean":
                return self.reference()
            case "asStringMap":
                return TOKENS.map(self.reference(), STRING_MAP_VALUE)
            case "asNumberMap":
                return TOKENS.map(self.reference(), NUMBER_MAP_VALUE)
            case "asBooleanMap":
                return TOKENS.map(self.reference(), True)
            case "asAnyMap":
                return TOKENS.map(self.reference(), ANY_MAP_VALUE)
        return super().get(name)

    def set(self, name: str, value: Any) -> None:
        if name != "expression":
            super().set(name, value)
        self.expression = value

    def invoke(self, name: str, arguments: list[Any]) -> Any:
        return self.get("asString") if name == "toString" else super().invoke(name, arguments)

    def fragment(self) -> dict[str, Any]:
        return {"locals": {self.logical_id: self.expression}}  # overrides are recorded but not applied: as CDKTF does

    def overrides_key(self) -> str:
        return "local"


class Variable(Element):
    """`variable`: an input of the root module."""

    address_prefix = "var"
    _PROPERTIES = ("default", "description", "type", "sensitive", "nullable", "validation")

    def __init__(self, owner: Any, scope: Construct, id: str, config: dict[str, Any]) -> None:
        super().__init__(owner, scope, id)
        self.config = config

    def get(self, name: str) -> Any:
        match name:
            case "stringValue":
                return TOKENS.string(self.reference())
            case "numberValue":
                return TOKENS.number(self.reference())
            case "listValue":
                return TOKENS.items(self.reference())
            case "booleanValue":
                return self.reference()
            case "value":
                return as_any(self.reference())
        return self.config.get(name) if name in self._PROPERTIES else super().get(name)

    def set(self, name: str, value: Any) -> None:
        if name not in self._PROPERTIES or name == "validation":
            super().set(name, value)
        self.config[name] = value

    def invoke(self, name: str, arguments: list[Any]) -> Any:
        return self.get("stringValue") if name == "toString" else super().invoke(name, arguments)

    def fragment(self) -> dict[str, Any]:
        body = keys_to_snake_case({name: self.config.get(name) for name in self._PROPERTIES})
        return {"variable": {self.logical_id: deep_merge(body, self.overrides.values)}}

    def overrides_key(self) -> None:
        return None

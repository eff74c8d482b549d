"""Static helpers of CDKTF that stacks call: Token and VariableType."""

from __future__ import annotations

from typing import Any

from generator.engine.errors import Unsupported
from generator.engine.native.tokens import (
    ANY_MAP_VALUE,
    NULL,
    NUMBER_MAP_VALUE,
    STRING_MAP_VALUE,
    TOKENS,
    Intrinsic,
    as_any,
    is_unresolved,
)


def token_call(name: str, arguments: list[Any]) -> Any:
    """`Token.<name>(…)`, by its JavaScript name."""
    value = arguments[0] if arguments else None
    if len(arguments) > 1 and arguments[1]:
        raise Unsupported(f"Token.{name}() with options")
    match name:
        case "isUnresolved":
            return is_unresolved(value)
        case "asString":
            return TOKENS.string(value)
        case "asNumber":
            return TOKENS.number(value)
        case "asList":
            return TOKENS.items(value)
        case "asNumberList":
            return TOKENS.number_list(value)
        case "asMap":
            return TOKENS.map(value, arguments[1])
        case "asStringMap":
            return TOKENS.map(value, STRING_MAP_VALUE)
        case "asNumberMap":
            return TOKENS.map(value, NUMBER_MAP_VALUE)
        case "asBooleanMap":
            return TOKENS.map(value, True)
        case "asAnyMap":
            return TOKENS.map(value, ANY_MAP_VALUE)
        case "asAny":
            return as_any(value)
        case "nullValue":
            return Intrinsic(NULL)
    raise Unsupported(f"Token.{name}()")


def variable_type(name: str, arguments: list[Any]) -> str:
    """`VariableType.STRING`, `VariableType.list(…)` and so on: Terraform's type expressions."""
    match name:
        case "list" | "map" | "set" if arguments:
            return f"{name}({arguments[0]})"
        case "object" if arguments:
            return "object({" + ", ".join(f"{key}={of}" for key, of in arguments[0].items()) + "})"
        case "tuple":
            return f"tuple({', '.join(arguments)})"
    collection, _, item = name.lower().partition("_")
    if arguments or collection not in ("string", "number", "bool", "any", "list", "map", "set"):
        raise Unsupported(f"VariableType.{name}")
    return f"{collection}({item})" if item else collection

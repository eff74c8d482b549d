"""`Fn.*` and `Op.*`: Terraform's functions and operators as tokens (CDKTF's functions/helpers, terraform-operators)."""

from __future__ import annotations

import re
from typing import Any

from generator.engine.errors import EngineError, Unsupported
from generator.engine.native.expressions import (
    Conditional,
    FunctionCall,
    Operation,
    PropertyAccess,
    RawString,
)
from generator.engine.native.tokens import (
    LIST_TOKEN,
    MAP_TOKEN,
    STRING_TOKEN,
    TOKENS,
    Resolvable,
)

_UNESCAPED_QUOTE = re.compile(r'(^|[^\\])(\\{2})*"')

_OPERATORS = {
    "mul": ("*", "number"),
    "div": ("/", "number"),
    "mod": ("%", "number"),
    "add": ("+", "number"),
    "sub": ("-", "number"),
    "gt": (">", "bool"),
    "gte": (">=", "bool"),
    "lt": ("<", "bool"),
    "lte": ("<=", "bool"),
    "eq": ("==", "bool"),
    "neq": ("!=", "bool"),
    "and": ("&&", "bool"),
    "or": ("||", "bool"),
}


def fn(name: str, arguments: list[Any]) -> Any:
    """`Fn.<name>(…)`, by its JavaScript name. Raises Unsupported, and EngineError for an argument CDKTF refuses."""
    given = [*arguments, None, None]
    match name:
        case "conditional":
            return Conditional(*given[:3])
        case "lookupNested":
            return TOKENS.string(PropertyAccess(given[0], given[1]))
        case "lookup" if not given[2]:
            return TOKENS.string(PropertyAccess(given[0], [given[1]]))
        case "lookup":
            return _call("lookup", [given[0], given[1], [given[2]]])
        case "rawString":
            return TOKENS.string(RawString(given[0]))
        case "bcrypt":
            return _call("bcrypt", [given[0], [given[1]]])
        case "join":
            return _call("join", [given[0], [given[1]]])
        case "range":
            return _call("range", [[given[0], given[1], 1 if given[2] is None else given[2]]])
        case "lengthOf":
            return _call("length", arguments)
    return _call(name, arguments)


def tolist(value: Any) -> list[Any]:
    """`tolist(value)` as a list token: how CDKTF reads into sets."""
    return TOKENS.items(FunctionCall("tolist", [_list(value)]))


def op(name: str, arguments: list[Any]) -> Any:
    """`Op.<name>(…)`, by its JavaScript name."""
    if name == "not":
        return Operation("!", arguments[0])
    if name == "negate":
        return TOKENS.number(Operation("-", arguments[0]))
    if name not in _OPERATORS:
        raise Unsupported(f"Op.{name}()")
    operator, result = _OPERATORS[name]
    return _as(result, Operation(operator, arguments[0], arguments[1]))


def _call(name: str, arguments: list[Any]) -> Any:
    from generator.engine.native.signatures import SIGNATURES  # only stacks that use Fn pay for the table

    if name not in SIGNATURES:
        raise Unsupported(f"Fn.{name}()")
    result, *kinds = SIGNATURES[name]
    checked: list[Any] = []
    for kind, argument in zip(kinds, arguments, strict=True):
        try:
            if kind.startswith("*"):
                checked.extend(_list(argument, kind[1:]))
            else:
                checked.append(_checked(kind, argument))
        except EngineError as error:
            raise EngineError(f"Argument {kinds.index(kind)} of {name} failed the validation: {error}") from None
    return _as(result, FunctionCall(name, checked))


def _as(result: str, expression: Resolvable) -> Any:
    match result:
        case "number":
            return TOKENS.number(expression)
        case "list":
            return TOKENS.items(expression)
        case "bool":
            return expression
    return TOKENS.string(expression)  # "any" too: CDKTF returns a string token where the type is open


def _checked(kind: str, value: Any) -> Any:
    if kind == "text":
        if not isinstance(value, (str, Resolvable)):
            raise EngineError(f"'{value}' is not a valid string nor a token")
        if isinstance(value, str) and _UNESCAPED_QUOTE.search(value):
            raise EngineError(f"the value '{value}' has unescaped double quotes in it: use Fn.raw_string")
    elif kind == "number":
        if isinstance(value, bool) or not isinstance(value, (int, float, Resolvable)):
            raise EngineError(f"{value} is not a valid number nor a token")
    elif kind == "list":
        return _list(value)
    return value


def _list(value: Any, kind: str = "any") -> Any:
    """A list of `kind` for an expression: literal strings get their quotes here, tokens stay."""
    if not isinstance(value, list):
        return value
    return [_item(item, kind) for item in value if item is not None]


def _item(item: Any, kind: str) -> Any:
    if not isinstance(item, str):
        return item
    if LIST_TOKEN.search(item) or MAP_TOKEN.search(item) or STRING_TOKEN.fullmatch(item):
        return item
    return f'"{_checked(kind, item)}"'

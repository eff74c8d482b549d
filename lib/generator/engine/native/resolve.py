"""Replace every token in a value by what Terraform reads (CDKTF's tokens/private/resolve and string fragments).

Inside an expression a reference is written bare (`google_project.p.id`), in a string in braces
(`${google_project.p.id}`); which of the two is a flag of the context, inherited downwards.
"""

from __future__ import annotations

import re
from typing import Any

from generator.engine.errors import EngineError, Unsupported
from generator.engine.native import tokens
from generator.engine.native.numbers import js_number, js_text, parse_float
from generator.engine.native.tokens import NULL, TOKENS, Resolvable

_FRAGMENT = re.compile(r"\$\{TfToken\[(" + tokens.KEY + r")\]\}|(\$\{(?!TfToken\[))|(\})")
_NUMBER = re.compile(r"[-|\d|.\+]+(?:e[-|\d|.|e|E|\+]+)", re.ASCII)
"""CDKTF's own expression, with its flaws: `port-${number}` swallows the dash, and the number stays encoded."""

_LIST_EXPLANATION = "a list that only Terraform knows has one element here: use Fn.element(list, 0), not list[0]"
_MAP_EXPLANATION = "a map that only Terraform knows has no values here: use Fn.lookup(map, key), not map[key]"


class Context:
    """How to write what is being resolved, and for which stack (CDKTF's IResolveContext)."""

    __slots__ = ("origin", "stack_path", "suppress_braces")

    def __init__(self, origin: object, stack_path: str, suppress_braces: bool = False) -> None:
        """`origin` is the identity of the stack being rendered, `stack_path` its path for messages."""
        self.origin = origin
        self.stack_path = stack_path
        self.suppress_braces = suppress_braces

    def child(self) -> Context:
        """A context for one value inside this one: what the value sets stays with the value."""
        return Context(self.origin, self.stack_path, self.suppress_braces)

    def resolve(self, value: Any) -> Any:
        """The value without tokens; see `resolve`."""
        return resolve(value, self)


def resolve(value: Any, context: Context) -> Any:
    """The value with all tokens written out. None means "not given": such map entries and list items vanish."""
    if isinstance(value, str):
        return _string(value, context) if _suspicious(value) else value
    if value is None or value is True or value is False or isinstance(value, int):
        return _whole(value)
    if isinstance(value, float):
        return _number(value, context)
    if isinstance(value, dict):
        return _map(value, context)
    if isinstance(value, list):
        return _list(value, context)
    if isinstance(value, Resolvable):
        inner = context.child()
        return inner.resolve(value.resolve_in(inner))
    if value is NULL:
        return value
    raise Unsupported(f"a value of type {type(value).__name__} in a configuration")


def _suspicious(text: str) -> bool:
    return tokens.TOKEN_HINT in text or tokens.NUMBER_HINT in text or text.endswith(" Map Token Value")


def _whole(value: Any) -> Any:
    if value == tokens.NUMBER_MAP_VALUE and not isinstance(value, bool):
        raise EngineError(f"Found an encoded map token in a scalar number context: {_MAP_EXPLANATION}")
    return js_number(value) if type(value) is int else value


def _number(value: float, context: Context) -> Any:
    token = TOKENS.lookup_number(value)
    return js_number(value) if token is None else resolve(token, context.child())


def _map(value: dict[str, Any], context: Context) -> Any:
    if any(tokens.TOKEN_HINT in key for key in value):
        if tokens.is_map_token(value):
            return _map_token(value, context)
        return {_key(key, context): kept for key, kept in _resolved_items(value, context)}
    result = {}
    for key, item in value.items():
        kept = resolve(item, context)
        if kept is not None:
            result[key] = None if kept is NULL else kept
    return result


def _resolved_items(value: dict[str, Any], context: Context) -> list[tuple[str, Any]]:
    pairs = [(key, resolve(item, context)) for key, item in value.items()]
    return [(key, None if item is NULL else item) for key, item in pairs if item is not None]


def _key(key: str, context: Context) -> str:
    resolved = resolve(key, context)
    if not isinstance(resolved, str):
        raise EngineError(f"a map key must resolve to a string, and {key!r} resolves to {resolved!r}")
    return resolved


def _map_token(value: dict[str, Any], context: Context) -> Any:
    keys = list(value)
    found = tokens.MAP_TOKEN.fullmatch(keys[0])
    if len(keys) != 1 or found is None:
        raise EngineError(f"Found keys beside a map that only Terraform knows: {keys}; {_MAP_EXPLANATION}")
    return resolve(TOKENS.lookup(found[1]), context.child())


def _list(value: list[Any], context: Context) -> Any:
    if tokens.is_list_token(value):
        return _list_token(value, context)
    resolved = [resolve(item, context) for item in value]
    return [None if item is NULL else item for item in resolved if item is not None]


def _list_token(value: list[Any], context: Context) -> Any:
    if len(value) != 1:
        raise EngineError(f"Found items beside a list that only Terraform knows: {value}; {_LIST_EXPLANATION}")
    if isinstance(value[0], str):
        found = tokens.LIST_TOKEN.fullmatch(value[0])
        if found is None:
            raise EngineError(f"Cannot concatenate strings in a tokenized string array, got: {value[0]}")
        return resolve(TOKENS.lookup(found[1]), context.child())
    token = TOKENS.lookup_number(value[0], in_list=True)
    return value if token is None else resolve(token, context.child())


def _string(text: str, context: Context) -> Any:
    if tokens.LIST_TOKEN.search(text):
        raise EngineError(f"Found an encoded list token string in a scalar string context: {_LIST_EXPLANATION}")
    if text in (tokens.STRING_MAP_VALUE, tokens.ANY_MAP_VALUE):
        raise EngineError(f"Found an encoded map token in a scalar string context: {_MAP_EXPLANATION}")
    result: Any = text
    if tokens.STRING_TOKEN.search(text):
        result = _interpolated(text, context.child())
    if isinstance(result, str) and tokens.NUMBER_HINT in result:
        result = _numbers_in_text(result, context.child())
    return result


def _interpolated(text: str, context: Context) -> Any:
    """Tokens between literal text; between the author's own `${` and `}` they are written without braces."""
    outside = context.suppress_braces
    parts: list[Any] = []
    at = 0
    for found in _FRAGMENT.finditer(text):
        if found.start() > at:
            parts.append(text[at : found.start()])
        at = found.end()
        if found[1] is not None:
            parts.append(resolve(TOKENS.lookup(found[1]), context))
        else:
            parts.append(found[0])
            context.suppress_braces = True if found[2] else outside
    if at < len(text):
        parts.append(text[at:])
    return _joined(parts)


def _numbers_in_text(text: str, context: Context) -> Any:
    """Number tokens that an f-string turned into decimal digits."""
    parts: list[Any] = []
    at = 0
    for found in _NUMBER.finditer(text):
        if found.start() > at:
            parts.append(text[at : found.start()])
        at = found.end()
        number = parse_float(found[0])
        token = None if number is None else TOKENS.lookup_number(number)
        if token is None and tokens.NUMBER_HINT in found[0]:
            raise EngineError(tokens.lost_number(text))
        parts.append(found[0] if token is None else resolve(token, context))
    if at < len(text):
        parts.append(text[at:])
    return _joined(parts)


def _joined(parts: list[Any]) -> Any:
    """One part keeps its type (a token may stand for a list); several become text."""
    if len(parts) == 1:
        return parts[0]
    return "".join(js_text(part) for part in parts if part is not None)

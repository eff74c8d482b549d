"""Terraform expressions as tokens (CDKTF's tfExpression).

An expression writes itself into `${…}` where it stands in a string, and bare where it is part of another expression.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol

from generator.engine.errors import Unsupported
from generator.engine.native.numbers import js_text
from generator.engine.native.resolve import Context
from generator.engine.native.tokens import STRING_TOKEN, TOKENS, Resolvable, is_unresolved

_IDENTIFIER = re.compile(r"[_a-zA-Z][_a-zA-Z0-9]*", re.ASCII)


class Addressable(Protocol):
    """A construct that has an address in Terraform (CDKTF's ITerraformDependable)."""

    @property
    def fqn(self) -> str: ...


class Reference(Resolvable):
    """The address of something in one stack: `google_project.project.project_id`, `local.x`, `var.x`."""

    def __init__(self, identifier: str, origin: object | None = None) -> None:
        """`origin` is the identity of the stack that holds the addressed element; None for addresses in any stack."""
        self.identifier = identifier
        self.origin = origin

    def resolve_in(self, context: Context) -> str:
        bare = context.suppress_braces
        context.suppress_braces = True
        if self.origin is not None and self.origin is not context.origin:
            raise Unsupported(
                f"a reference from stack {context.stack_path} to {self.identifier} of another stack",
                "pass the value through an output and a remote state",
            )
        return self.identifier if bare else f"${{{self.identifier}}}"


class Dependable(Resolvable):
    """An element in `depends_on`: its bare address."""

    def __init__(self, element: Addressable) -> None:
        self.element = element

    def resolve_in(self, context: Context) -> str:
        context.suppress_braces = True
        return self.element.fqn


class RawString(Resolvable):
    """`Fn.raw_string`: text whose quotes are escaped for an expression."""

    def __init__(self, text: str) -> None:
        self.text = text

    def resolve_in(self, context: Context) -> str:
        quote = '"' if context.suppress_braces else ""
        return quote + escape(self.text).replace('"', '\\"') + quote


class Expression(Resolvable):
    """An expression made of parts; `write` gives its bare text."""

    def write(self, context: Context) -> str:
        raise NotImplementedError

    def resolve_in(self, context: Context) -> str:
        bare = context.suppress_braces
        context.suppress_braces = True
        text = self.write(context)
        return text if bare else f"${{{text}}}"


class FunctionCall(Expression):
    """`name(argument, …)`."""

    def __init__(self, name: str, arguments: Sequence[Any]) -> None:
        self.name = name
        self.arguments = arguments

    def write(self, context: Context) -> str:
        arguments = ", ".join(js_text(write_argument(context, argument)) for argument in self.arguments)
        return f"{self.name}({arguments})"


class PropertyAccess(Expression):
    """`target.name`, `target[0]`, `target["key"]`."""

    def __init__(self, target: Any, path: Sequence[Any]) -> None:
        self.target = target
        self.path = path

    def write(self, context: Context) -> str:
        path = "".join(self._step(context, step) for step in self.path)
        target = self.target if isinstance(self.target, Resolvable) else getattr(self.target, "fqn", self.target)
        return js_text(write_argument(context, target)) + path

    @staticmethod
    def _step(context: Context, step: Any) -> str:
        if step == "*":
            return "[*]"
        if isinstance(step, str) and _IDENTIFIER.fullmatch(step):
            return f".{step}"
        if isinstance(step, (int, float)) and not isinstance(step, bool) and not is_unresolved(step):
            return f".{js_text(step)}"
        return f"[{js_text(write_argument(context, step))}]"


class Conditional(Expression):
    """`condition ? a : b`."""

    def __init__(self, condition: Any, true_value: Any, false_value: Any) -> None:
        self.parts = (condition, true_value, false_value)

    def write(self, context: Context) -> str:
        condition, true_value, false_value = (js_text(write_argument(context, part)) for part in self.parts)
        return f"{condition} ? {true_value} : {false_value}"


class Operation(Expression):
    """`!a`, `-a` or `(a + b)`."""

    def __init__(self, operator: str, left: Any, right: Any = None) -> None:
        self.operator = operator
        self.left = left
        self.right = right

    def write(self, context: Context) -> str:
        left = js_text(write_argument(context, self.left))
        falsy = self.right is None or (isinstance(self.right, (int, float, str)) and not self.right)
        right = None if falsy else write_argument(context, self.right)  # a right side of 0 is lost, as in CDKTF
        if self.operator == "!" or (self.operator == "-" and right is None):
            return f"{self.operator}{left}"
        return f"({left} {self.operator} {'undefined' if right is None else js_text(right)})"


def escape(text: str) -> str:
    """Literal text inside an expression: newlines, and `${` that must not open an interpolation."""
    return text.replace("\n", "\\n").replace("${", "$${")


def write_argument(context: Context, argument: Any) -> Any:
    """One part of an expression as expression text; numbers and booleans stay what they are."""
    resolved = context.resolve(argument)
    if isinstance(argument, str):
        text = _string(argument, resolved)
        return text if isinstance(text, str) else _written(context, text, text)
    return _written(context, argument, resolved)


def _written(context: Context, argument: Any, resolved: Any) -> Any:
    if isinstance(argument, Resolvable):
        return resolved
    if isinstance(resolved, list):
        return "[" + ", ".join(js_text(write_argument(context, item)) for item in argument[: len(resolved)]) + "]"
    if isinstance(resolved, dict):
        return "{" + ", ".join(f'"{key}" = {js_text(write_argument(context, argument[key]))}' for key in resolved) + "}"
    return resolved


def _string(argument: str, resolved: Any) -> Any:
    found = list(STRING_TOKEN.finditer(argument))
    if not found:
        if not isinstance(resolved, str):
            raise Unsupported(f"the text {argument!r} in an expression")
        return _quoted(escape(resolved))
    if len(found) == 1 and found[0][0] == argument:
        return resolved
    return _quoted(_mixed(argument))


def _mixed(argument: str) -> str:
    """Literal text and tokens: each token gets its own braces, and is resolved with the whole expression."""
    parts = []
    at = 0
    for found in STRING_TOKEN.finditer(argument):
        parts.append(escape(argument[at : found.start()]))
        parts.append("${" + TOKENS.string(TOKENS.lookup(found[1])) + "}")
        at = found.end()
    parts.append(escape(argument[at:]))
    return "".join(parts)


def _quoted(text: str) -> str:
    if text != '"' and text.startswith('"') and text.endswith('"'):
        return text
    return f'"{text}"'

"""Parse the templates in Terraform's JSON strings: which values an expression refers to, and which functions it calls.

Every string that Terraform's JSON form takes as an expression is a template: literal text, `${expression}`,
`%{ if … }` and `%{ for … }` directives, and the escapes `$${` and `%%{`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from generator.terraform.expression_parser import Parser
from generator.terraform.traversal import ExpressionError, Traversal


@dataclass(frozen=True)
class Template:
    """What a template refers to, in the order of the text."""

    traversals: tuple[Traversal, ...] = ()
    calls: tuple[str, ...] = ()
    """The names of the functions called, such as `jsonencode`."""
    literal: str | None = None
    """The text, where there is no expression in it at all."""
    sole: Traversal | None = None
    """The traversal, where the whole template is `${traversal}`: its value then keeps its type."""
    is_expression: bool = False
    """Whether the whole template is one `${…}`, so that its value need not be a string."""


@lru_cache(maxsize=8192)
def parse_template(text: str) -> Template:
    """The references and calls of a template. Raises ExpressionError."""
    if "${" not in text and "%{" not in text:
        return Template(literal=text)
    parser = Parser(text)
    literal = parser.template(end=None)
    if parser.expressions == 0:
        return Template(literal=literal)
    whole = parser.expressions == 1 and literal == "" and text.startswith("${")
    return Template(
        traversals=tuple(parser.traversals),
        calls=tuple(parser.calls),
        sole=parser.last if whole else None,
        is_expression=whole,
    )


@lru_cache(maxsize=8192)
def parse_traversal(text: str) -> Traversal:
    """A bare traversal, as in depends_on: `google_project.main`. Raises ExpressionError."""
    parser = Parser(text)
    parser.expression()
    if parser.at < len(text):
        raise ExpressionError(f"{text[parser.at]!r} is not expected here", parser.at)
    if parser.last is None or len(parser.traversals) != 1:
        raise ExpressionError("a plain reference is expected", 0)
    return parser.last

"""The grammar of Terraform's expressions and templates, read to find what they refer to.

The grammar is that of https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md without here-documents, which no
JSON string needs. Operators are recognised but not ranked, and `%{ if }` is not paired with its `%{ endif }`: only
what is referred to matters here, not what it evaluates to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NoReturn

from generator.terraform.traversal import ExpressionError, Step, Traversal, Wild

_SPACE = re.compile(r"(?:\s+|#[^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_OPERATOR = re.compile(r"==|!=|<=|>=|&&|\|\||[-+*/%<>]")
_INDEX = re.compile(r"\d+")
_FOR = re.compile(r"for\s")
_PLAIN_KEY = re.compile(r"[A-Za-z_][\w-]*\s*(?==(?!=)|:)")
_PLAIN_STRING = re.compile(r'"([^"\\$%]*)"')
_ESCAPE = re.compile(r'\\(?:[nrt"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})')
_KEYWORDS = {"true", "false", "null"}


@dataclass
class Parser:
    """A place in a text, and what was found up to it."""

    text: str
    at: int = 0
    traversals: list[Traversal] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    expressions: int = 0
    last: Traversal | None = None
    """The expression parsed last, if it was nothing but a traversal."""
    bound: list[str] = field(default_factory=list)
    """The variables of the `for` expressions around the current place."""

    # Templates

    def template(self, end: str | None) -> str:
        """Read literal text and `${…}` up to the closing quote `end`, or to the end of the text; the literal text."""
        literal: list[str] = []
        loops: list[int] = []
        while True:
            if self.at >= len(self.text):
                if end is not None:
                    raise ExpressionError("the string has no closing quote", self.at)
                break
            if end is not None and self.text.startswith(end, self.at):
                self.at += 1
                break
            if self.text.startswith(("$${", "%%{"), self.at):
                literal.append(self.text[self.at + 1 : self.at + 3])
                self.at += 3
            elif self.text.startswith("${", self.at):
                self.interpolation()
            elif self.text.startswith("%{", self.at):
                self.directive(loops)
            elif end is not None and self.text[self.at] == "\\":
                literal.append(self.escape())
            else:
                literal.append(self.text[self.at])
                self.at += 1
        if loops:
            raise ExpressionError("%{ for } has no %{ endfor }", self.at)
        return "".join(literal)

    def escape(self) -> str:
        match = _ESCAPE.match(self.text, self.at)
        if match is None:
            raise ExpressionError(f"{self.text[self.at : self.at + 2]} is no escape sequence", self.at)
        self.at = match.end()
        return match[0]

    def interpolation(self) -> None:
        start = self.at
        self.at += 2
        self.accept("~")
        self.expression()
        self.expressions += 1
        self.accept("~")
        if not self.accept("}"):
            self.refuse(f"the ${{ at {start} has no closing brace")

    def directive(self, loops: list[int]) -> None:
        self.at += 2
        self.accept("~")
        keyword = self.name()
        self.expressions += 2  # a directive always makes a string
        if keyword == "if":
            self.expression()
        elif keyword == "for":
            names = self.loop_head()
            self.bound.extend(names)
            loops.append(len(names))
        elif keyword == "endfor" and loops:
            del self.bound[len(self.bound) - loops.pop() :]
        elif keyword not in ("else", "endif"):
            raise ExpressionError(f"%{{ {keyword} }} is no directive", self.at)
        self.accept("~")
        self.expect("}")

    # Expressions

    def expression(self) -> None:
        """One expression; `last` is set to its traversal if it is nothing else."""
        self.operand()
        while True:
            self.space()
            match = _OPERATOR.match(self.text, self.at)
            if match is not None:
                self.at = match.end()
                self.operand()
            elif self.accept("?"):
                self.expression()
                self.expect(":")
                self.expression()
            else:
                return
            self.last = None

    def operand(self) -> None:
        self.space()
        if self.text.startswith(("-", "!"), self.at):
            self.at += 1
            self.operand()
            self.last = None
            return
        traversal = self.primary()
        steps = self.steps()
        if traversal is None:
            self.last = None
            return
        self.last = Traversal(traversal, steps)
        if traversal in self.bound:
            self.last = None
        else:
            self.traversals.append(self.last)

    def primary(self) -> str | None:
        """A literal, a bracketed expression or a call, giving None; or a name, giving the name."""
        number = _NUMBER.match(self.text, self.at)
        if number is not None:
            self.at = number.end()
        elif self.accept('"'):
            inner = self.expressions
            self.template(end='"')
            self.expressions = inner
        elif self.accept("("):
            self.expression()
            self.expect(")")
        elif self.accept("["):
            self.collection("]")
        elif self.accept("{"):
            self.collection("}")
        else:
            return self.name_or_call()
        return None

    def name_or_call(self) -> str | None:
        name = self.name()
        while self.accept("::"):
            name += "::" + self.name()
        if self.accept("("):
            self.calls.append(name)
            while not self.accept(")"):
                self.expression()
                self.accept("...")
                if not self.accept(","):
                    self.expect(")")
                    break
            return None
        return None if name in _KEYWORDS else name

    def steps(self) -> tuple[Step, ...]:
        steps: list[Step] = []
        while True:
            self.space()
            if self.text.startswith("...", self.at):
                return tuple(steps)
            if self.accept("."):
                steps.append(self.step_after_dot())
            elif self.accept("["):
                steps.append(self.index())
            else:
                return tuple(steps)

    def step_after_dot(self) -> Step:
        if self.accept("*"):
            return Wild.SPLAT
        number = _INDEX.match(self.text, self.at)
        if number is not None:
            self.at = number.end()
            return int(number[0])
        return self.name()

    def index(self) -> Step:
        if self.accept("*"):
            self.expect("]")
            return Wild.SPLAT
        self.space()
        start = self.at
        self.expression()
        key = self.text[start : self.at].strip()
        self.expect("]")
        if key.isdigit():
            return int(key)
        plain = _PLAIN_STRING.fullmatch(key)
        return plain[1] if plain else Wild.COMPUTED

    def collection(self, end: str) -> None:
        """The inside of `[…]` or `{…}`: elements, or a `for` expression."""
        self.space()
        if _FOR.match(self.text, self.at):
            self.at += 3
            with self.binding(self.loop_head()):
                self.expect(":")
                self.expression()
                if self.accept("=>"):
                    self.expression()
                self.accept("...")
                if self.accept_word("if"):
                    self.expression()
            self.expect(end)
            return
        while not self.accept(end):
            if end == "}":
                self.object_key()
            self.expression()
            self.accept(",")
            self.last = None

    def object_key(self) -> None:
        self.space()
        match = _PLAIN_KEY.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
        else:
            self.expression()
        if not self.accept("="):
            self.expect(":")

    def loop_head(self) -> list[str]:
        """`key, value in collection`: the names bound."""
        names = [self.name()]
        if self.accept(","):
            names.append(self.name())
        if not self.accept_word("in"):
            self.refuse("'in' is expected here")
        self.expression()
        return names

    @contextmanager
    def binding(self, names: list[str]) -> Iterator[None]:
        self.bound.extend(names)
        yield
        del self.bound[len(self.bound) - len(names) :]

    # Tokens

    def space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        if match is not None:
            self.at = match.end()

    def accept(self, token: str) -> bool:
        self.space()
        if self.text.startswith(token, self.at):
            self.at += len(token)
            return True
        return False

    def accept_word(self, word: str) -> bool:
        self.space()
        match = _NAME.match(self.text, self.at)
        if match is None or match[0] != word:
            return False
        self.at = match.end()
        return True

    def expect(self, token: str) -> None:
        if not self.accept(token):
            self.refuse(f"{token!r} is expected here")

    def name(self) -> str:
        self.space()
        match = _NAME.match(self.text, self.at)
        if match is None:
            self.refuse("a name or value is expected here")
        self.at = match.end()
        return match[0]

    def refuse(self, message: str) -> NoReturn:
        found = repr(self.text[self.at]) if self.at < len(self.text) else "the end"
        raise ExpressionError(f"{message}, found {found}", self.at)

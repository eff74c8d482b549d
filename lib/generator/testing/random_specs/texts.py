"""Random texts: some that match a pattern, some that people might write."""

from __future__ import annotations

import re
import re._constants as code  # type: ignore[import-not-found,unused-ignore]
import re._parser as parser  # type: ignore[import-not-found,unused-ignore]
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any

PRINTABLE = "".join(chr(number) for number in range(33, 127))

HOSTILE = (
    "${var.x}", "$${HOME}", "%{ if true }", "{{ projectId }} }}", "`backticks`", "a | b", "<script>alert(1)</script>",
    "[link](javascript:x)", "'single' \"double\"", "back\\slash", "tab\there", "# no heading", "* no list", "100 %", "%s",
    "naïve café", "中文", "🚀 lift-off", "a\u00a0b", "e\u0301", "two\nlines", "--flag", "$(id)", "; rm -rf /", "~", "null",
    "yes", "0x10", "1e3", "${google_project.project.number}", "resource.google_project", "file(\"/etc/passwd\")",
)  # fmt: skip
"""What Terraform, Markdown, HTML, YAML or a shell would take for something else than text."""

WORDS = ("orders", "are", "stuck", "for", "an", "hour", "look", "at", "the", "queue", "customers", "wait", "again")


def matching(pattern: str, rng: Random, shortest: int = 0, longest: int | None = None) -> str:
    """A text that the pattern matches, of at least `shortest` and at most `longest` characters.

    ValueError where none is found: the pattern then needs an example of its own.
    """
    for attempt in range(200):
        # Ever shorter repetitions, because a long text rarely becomes short enough by chance.
        text = _text(_parsed(pattern), rng, more=max(0, 6 - attempt // 20))
        if shortest <= len(text) <= (longest or len(text)) and re.search(pattern, text):
            return text
    raise ValueError(f"no text found for {pattern!r} of {shortest} to {longest} characters")


def sentence(rng: Random, shortest: int = 0, longest: int | None = None) -> str:
    """A text of a few words, now and then with something in it that another language has a meaning for."""
    text = " ".join(rng.choices(WORDS, k=rng.randint(1, 6)))
    if rng.random() < 0.3:
        text = f"{text} {rng.choice(HOSTILE)}"
    while len(text.strip()) < shortest:
        text += f" {rng.choice(WORDS)}"
    return text[:longest]


@cache
def _parsed(pattern: str) -> Any:
    return parser.parse(pattern)


def _text(parsed: Any, rng: Random, more: int) -> str:
    return "".join(_piece(operation, argument, rng, more) for operation, argument in parsed)


def _piece(operation: Any, argument: Any, rng: Random, more: int) -> str:
    if operation is code.LITERAL:
        return chr(argument)
    if operation is code.IN:
        return _member(argument, rng)
    if operation is code.ANY:
        return rng.choice(PRINTABLE)
    if operation is code.BRANCH:
        return _text(rng.choice(argument[1]), rng, more)
    if operation is code.SUBPATTERN:
        return _text(argument[3], rng, more)
    if operation is code.MAX_REPEAT:
        least, most, repeated = argument
        times = rng.randint(least, min(most, least + more))
        return "".join(_text(repeated, rng, more) for _ in range(times))
    if operation is code.AT:
        return ""
    raise ValueError(f"{operation} in a pattern: teach it to generator.testing.random_specs.texts")


def _member(members: Sequence[tuple[Any, Any]], rng: Random) -> str:
    """A character of a class."""
    if members[0][0] is code.NEGATE:
        return rng.choice([one for one in PRINTABLE if not any(_holds(member, one) for member in members[1:])])
    operation, argument = rng.choice(members)
    if operation is code.LITERAL:
        return chr(argument)
    if operation is code.RANGE:
        return chr(rng.randint(*argument))
    return rng.choice([one for one in PRINTABLE if _holds((operation, argument), one)])


def _holds(member: tuple[Any, Any], character: str) -> bool:
    operation, argument = member
    if operation is code.LITERAL:
        return bool(character == chr(argument))
    if operation is code.RANGE:
        return bool(argument[0] <= ord(character) <= argument[1])
    return {
        code.CATEGORY_SPACE: character.isspace(),
        code.CATEGORY_NOT_SPACE: not character.isspace(),
        code.CATEGORY_DIGIT: character.isdigit(),
        code.CATEGORY_NOT_DIGIT: not character.isdigit(),
        code.CATEGORY_WORD: character.isalnum() or character == "_",
        code.CATEGORY_NOT_WORD: not (character.isalnum() or character == "_"),
    }[argument]

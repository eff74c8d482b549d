"""What YAML's parser says → what a service owner understands."""

from __future__ import annotations

import re
from typing import Any

import yaml

from .tree import START, Position, Problem


def syntax_problem(text: str, error: yaml.YAMLError) -> Problem:
    """The problem for an error of either parser.

    libyaml and PyYAML's own parser word their errors differently and point at slightly different columns, so the words
    and the place always come from PyYAML's own, whichever parser met the error first.
    """
    own = _own_error(text) or error
    problem, context = getattr(own, "problem_mark", None), getattr(own, "context_mark", None)
    position = _position(problem or context)
    tab = _tab_in_indentation(text, position.line)
    if tab is not None:
        return Problem(tab, "tab", "a tab in the indentation", "spaces alone", "put two spaces in place of each tab")
    said = str(getattr(own, "problem", None) or own)
    for pattern, found, fix in _KNOWN:
        if re.search(pattern, said):
            if "never closed" in found or "not closed" in found:
                # Where it opens says more than where the parser gave up.
                position = _position(context or problem)
            return Problem(position, "invalid-yaml", found, "valid YAML", fix)
    said = said.removeprefix("found ").replace("'", "`")
    return Problem(position, "invalid-yaml", said, "valid YAML", "mend the syntax at this place")


_KNOWN = (
    (
        r"mapping values are not allowed",
        "a second `: ` on a line, or one below a value",
        "put the value in quotes if the colon belongs to it; otherwise mend the indentation",
    ),
    (
        r"expected <block end>, but found '?(<block sequence start>|-)",
        "a list item with an indentation that fits nothing above it",
        "indent it like its neighbours",
    ),
    (
        r"expected <block end>",
        "a line with an indentation that fits nothing above it",
        "indent it like its neighbours, and quote a value that contains quotes or brackets",
    ),
    (
        r"could not find expected ':'",
        "a line without `: `",
        "put a colon and a space between key and value, or indent the line if it belongs to the value above",
    ),
    (
        r"found character '(@|`|%)' that cannot start",
        "a value that starts with a character reserved in YAML (@, ` or %)",
        "put the value in quotes",
    ),
    (r"unexpected end of stream", "a quote that is never closed", "close it"),
    (
        r"expected ',' or '\}'",
        "a `{` that is not closed, or a missing comma",
        "close it, or put a comma; quote text that begins with {",
    ),
    (r"expected ',' or '\]'", "a `[` that is not closed, or a missing comma", "close it, or put a comma"),
    (
        r"unknown escape character",
        "a backslash before a character that it can't escape",
        "double the backslash, or use single quotes",
    ),
    (
        r"undefined tag|tag handle",
        "a tag (a word that starts with !)",
        "delete it; put text that starts with ! in quotes",
    ),
    (
        r"sequence entries are not allowed",
        "a `- ` on the line of a key",
        "start the list on the next line",
    ),
)


def _position(mark: Any) -> Position:
    return Position(mark.line + 1, mark.column + 1) if mark is not None else START


def _own_error(text: str) -> yaml.YAMLError | None:
    try:
        for _ in yaml.parse(text, Loader=yaml.SafeLoader):
            pass
    except yaml.YAMLError as error:
        return error
    return None


def _tab_in_indentation(text: str, line: int) -> Position | None:
    """Where the offending line is indented with a tab, None where it is not."""
    lines = re.split("\r\n|\r|\n", text)
    if line > len(lines):
        return None
    match = re.match(r" *(\t)", lines[line - 1])
    return Position(line, match.start(1) + 1) if match else None

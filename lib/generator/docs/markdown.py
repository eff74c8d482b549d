"""Blocks of Markdown, and a document of them. What people wrote is escaped by `generator.docs.inline`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from generator.docs import anchors
from generator.docs.inline import Inline, Text, inline, join, link


@dataclass(frozen=True)
class Block:
    """A paragraph, list, table or the like: whole lines without the closing newline."""

    markdown: str


@dataclass(frozen=True)
class Heading(Block):
    """A heading with the plain text that its anchor is made of."""

    level: int
    text: str
    label: str
    """What the contents call it below its section, such as an environment's id."""


Blocks = Sequence[Block]


def heading(level: int, text: str, label: str | None = None) -> Heading:
    plain = " ".join(text.split())
    # `#`s at the end, after a space, would be taken for a part of the heading's frame.
    escaped = re.sub(r"(?<= )(?=#+$)", r"\\", str(inline(plain)))
    return Heading(f"{'#' * level} {escaped}", level, plain, label or plain)


def anchor(text: str) -> str:
    """Link target of the heading with this text."""
    return f"#{anchors.slug(text)}"


def paragraph(*sentences: Text) -> Block:
    return Block(str(join(sentences, " ")))


def bullets(items: Iterable[Text]) -> Block:
    return Block("\n".join(f"- {inline(item)}" for item in items))


def steps(items: Iterable[Sequence[Block]]) -> Block:
    """A numbered list; each step is a sentence with what belongs to it below."""
    written = []
    for number, blocks in enumerate(items, 1):
        marker = f"{number}. "
        body = "\n\n".join(block.markdown for block in blocks)
        written.append(marker + _indented(body, len(marker)))
    return Block("\n\n".join(written))


def table(header: Sequence[Text], rows: Iterable[Sequence[Text]]) -> Block:
    lines = [_row(header), "|" + " --- |" * len(header)]
    for row in rows:
        if len(row) != len(header):
            raise ValueError(f"a row of {len(row)} cells below a header of {len(header)}")
        lines.append(_row(row))
    return Block("\n".join(lines))


def facts(rows: Sequence[tuple[Text, Text]]) -> Block:
    """A table of names and values; the first pair stands where other tables have their header."""
    first, *rest = [_row(row) for row in rows]
    return Block("\n".join([first, "| :--- | :--- |", *rest]))


def fenced(content: str, language: str) -> Block:
    """A block shown as it is; its fence is longer than any within."""
    longest = max((len(run) for run in re.findall(r"`{3,}", content)), default=2)
    fence = "`" * (longest + 1)
    return Block(f"{fence}{language}\n{content}\n{fence}")


def shell(*commands: str) -> Block:
    """Commands to copy, made by `generator.docs.shell`; one after another."""
    return fenced("\n".join(commands), "sh")


def careful(*sentences: Text) -> Block:
    """What must not be overlooked."""
    return Block(f"> **Careful.** {join(sentences, ' ')}")


def quoted(*sentences: Text) -> Block:
    return Block(f"> {join(sentences, ' ')}")


def contents(blocks: Iterable[Block]) -> Block:
    """A list of the sections of second level with links, each with those of the third below it in the same line."""
    items: list[tuple[Inline, list[Inline]]] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            items.append((link(block.text, anchor(block.text)), []))
        elif isinstance(block, Heading) and block.level == 3 and items:
            items[-1][1].append(link(block.label, anchor(block.text)))
    return bullets(join([item, join(below)], ": ") if below else item for item, below in items)


def document(blocks: Iterable[Block]) -> str:
    """The whole text, with one newline at its end."""
    return "\n\n".join(block.markdown for block in blocks) + "\n"


def _row(cells: Sequence[Text]) -> str:
    return "|" + "".join(f" {inline(cell)} |" if cell else "  |" for cell in cells)


def _indented(text: str, width: int) -> str:
    """Every line but the first moved to the right; blank lines stay blank."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(f"{' ' * width}{line}" if line else "" for line in rest)])

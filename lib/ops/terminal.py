"""What people see: data on standard output, everything about it on standard error, colour on a terminal alone."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

COLOURS = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "grey": "90", "bold": "1", "loud": "1;37;41"}


class Terminal:
    """Where a command writes to."""

    def __init__(
        self, out: TextIO | None = None, err: TextIO | None = None, environment: Mapping[str, str] = os.environ
    ) -> None:
        self.out = sys.stdout if out is None else out
        self.err = sys.stderr if err is None else err
        self._environment = environment

    def data(self, text: str, colour: str | None = None) -> None:
        """What was asked for; a pipe gets it and nothing else."""
        text = clean(text)
        print(text if colour is None else self.coloured(text, colour, self.out), file=self.out, flush=True)

    def json(self, value: Any) -> None:
        print(json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True), file=self.out, flush=True)

    def note(self, text: str) -> None:
        """What goes on, or what to do next."""
        print(self.coloured(clean(text), "grey", self.err), file=self.err, flush=True)

    def warn(self, text: str) -> None:
        print(self.coloured(clean(text), "yellow", self.err), file=self.err, flush=True)

    def loud(self, text: str) -> None:
        """What must not be overlooked."""
        print(self.coloured(f" {clean(text)} ", "loud", self.err), file=self.err, flush=True)

    def error(self, lines: Sequence[str]) -> None:
        print(self.coloured(f"error: {clean(lines[0])}", "red", self.err), file=self.err)
        for line in lines[1:]:
            print(clean(line), file=self.err)
        self.err.flush()

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Columns as wide as their widest cell; the last is not padded."""
        cells = [[clean(cell) for cell in row] for row in (header, *rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
        for number, row in enumerate(cells):
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            print(self.coloured(line, "bold", self.out) if number == 0 else line, file=self.out)
        self.out.flush()

    def coloured(self, text: str, colour: str, stream: TextIO | None = None) -> str:
        """https://no-color.org is heeded."""
        stream = self.out if stream is None else stream
        if self._environment.get("NO_COLOR") or self._environment.get("TERM") == "dumb" or not stream.isatty():
            return text
        return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m"


def clean(text: str) -> str:
    """Without control characters: what a service logged must not move the reader's cursor or rewrite what stands there."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in text)

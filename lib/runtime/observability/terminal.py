"""Log records for people: a line each, coloured where a terminal shows them."""

from __future__ import annotations

import logging
from datetime import datetime

from .cloud_logging import extras

COLOURS = {"DEBUG": "2", "INFO": "36", "WARNING": "33", "ERROR": "31", "CRITICAL": "1;31"}
"""ANSI: dim, cyan, yellow, red, bold red."""


class TerminalFormatter(logging.Formatter):
    """`12:00:01.250 INFO  name: message key=value`"""

    def __init__(self, *, colour: bool) -> None:
        super().__init__()
        self._colour = colour

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created).strftime("%H:%M:%S.%f")[:-3]
        level = self._paint(f"{record.levelname:<7}", COLOURS.get(record.levelname, "0"))
        more = "".join(f" {name}={value}" for name, value in extras(record).items() if name != "httpRequest")
        line = f"{self._paint(time, '2')} {level} {record.name}: {record.getMessage()}{self._paint(more, '2')}"
        if record.exc_info and record.exc_info[0] is not None:
            line += "\n" + self.formatException(record.exc_info)
        return line + ("\n" + record.stack_info if record.stack_info else "")

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and text else text

"""Server-sent events out of bytes that come in any pieces.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

from __future__ import annotations

import re

LONGEST = 1024 * 1024
"""Bytes of one event. A longer one is passed on like any other, but not looked into."""

_BOUNDARY = re.compile(rb"(?:\r\n|\n|\r)(?:\r\n|\n|\r)")


class Splitter:
    """Whole events, as they were sent, and the rest that is none yet."""

    def __init__(self) -> None:
        self.rest = b""
        self._searched = 0
        """How much of the rest is known to end no event."""

    def feed(self, chunk: bytes) -> list[bytes]:
        """The events that end in this chunk, each with the blank line after it."""
        data = self.rest + chunk if self.rest else chunk
        events: list[bytes] = []
        start = 0
        position = self._searched
        if b"\r" in data:
            while (found := _BOUNDARY.search(data, position)) and found.end() < len(data) + _is_settled(data, found):
                events.append(data[start : found.end()])
                start = position = found.end()
        else:
            while (at := data.find(b"\n\n", position)) >= 0:
                events.append(data[start : at + 2])
                start = position = at + 2
        self.rest = data[start:]
        # A boundary is four bytes at the most, of which three may be here already.
        self._searched = max(0, len(self.rest) - 3)
        if len(self.rest) > LONGEST:
            events.append(self.rest)
            self.rest = b""
            self._searched = 0
        return events


def _is_settled(data: bytes, found: re.Match[bytes]) -> int:
    """1 where a boundary at the very end is one whatever comes next, 0 where a line feed may still belong to it."""
    return 0 if data[found.end() - 1 : found.end()] == b"\r" else 1


def data_of(event: bytes) -> bytes:
    """The data of an event, its lines joined; empty where it has none."""
    if event.startswith(b"data: ") and event.find(b"\n") == len(event) - 2:
        return event[6:-2]
    lines = []
    for line in event.splitlines():
        if line.startswith(b"data:"):
            lines.append(line[6:] if line[5:6] == b" " else line[5:])
    return b"\n".join(lines)

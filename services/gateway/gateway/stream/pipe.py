"""What of a provider's bytes goes on to the client, and when: everything, unchanged, as it comes.

One exception: a client of OpenAI's API that did not ask for the usage does not get the event that has nothing else, which
the provider sends because the gateway asked. For this the beginning of an event is held back until its end is there; no
client can do anything with it before.
"""

from __future__ import annotations

from gateway.stream.sse import Splitter, data_of
from gateway.stream.usage import Meter


class Pipe:
    """One stream.

    whole   whether the client gets everything
    """

    def __init__(self, meter: Meter, whole: bool) -> None:
        self.meter = meter
        self._whole = whole
        self._splitter = Splitter()
        self._unread: bytes = b""

    def push(self, chunk: bytes) -> bytes:
        """What to send now; may be nothing. `read` is for afterwards."""
        if self._whole:
            self._unread = chunk
            return chunk
        return b"".join(event for event in self._splitter.feed(chunk) if not self.meter.event(data_of(event)))

    def read(self) -> None:
        """Count what was pushed last: after it was sent, so that the client does not wait for it."""
        if self._whole:
            for event in self._splitter.feed(self._unread):
                self.meter.event(data_of(event))

    def end(self) -> bytes:
        """What was held back when the stream ended."""
        rest = self._splitter.rest
        if not rest:
            return b""
        # A last event without its blank line counts too, if it can be read.
        only_usage = self.meter.event(data_of(rest + b"\n\n"))
        return b"" if self._whole or only_usage else rest

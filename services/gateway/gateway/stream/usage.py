"""How many tokens an answer cost: as the provider says, or estimated where it could not say it any more.

OpenAI: https://platform.openai.com/docs/api-reference/chat/streaming (the last event, with `stream_options.include_usage`);
Anthropic: https://docs.anthropic.com/en/docs/build-with-claude/streaming (`message_start`, then `message_delta` with totals).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from gateway.errors import Shape
from gateway.requests import estimated_tokens

DONE = b"[DONE]"


@dataclass(frozen=True)
class Usage:
    """Tokens. `exact` where both numbers are the provider's."""

    input: int
    output: int
    exact: bool

    @property
    def total(self) -> int:
        return self.input + self.output


class Meter:
    """Reads the answer along with the client. Nothing that it meets is an error: what it can't read it doesn't count."""

    def __init__(self, shape: Shape, input_estimate: int) -> None:
        self._shape = shape
        self._input_estimate = input_estimate
        self._input: int | None = None
        self._output: int | None = None
        self._final = False
        """Whether the provider's numbers are those of the whole answer."""
        self._text = 0
        """Bytes that were written so far."""
        self.complete = False
        """Whether the stream came to its own end."""

    @property
    def begun(self) -> bool:
        """Whether anything was written."""
        return self._text > 0

    def event(self, data: bytes) -> bool:
        """One event's data. Whether it carries nothing but the usage."""
        if not data:
            return False
        if data == DONE:
            self.complete = True
            return False
        try:
            content = json.loads(data)
        except (ValueError, RecursionError):
            return False
        if not isinstance(content, dict):
            return False
        if self._shape == "anthropic":
            self._anthropic_event(content)
            return False
        return self._openai_event(content)

    def body(self, data: bytes) -> None:
        """A whole answer that was no stream."""
        try:
            content = json.loads(data)
        except (ValueError, RecursionError):
            content = None
        usage = content.get("usage") if isinstance(content, dict) else None
        if isinstance(usage, dict):
            self._read(usage)
            self._final = self._input is not None
            # Embeddings write nothing and don't say so.
            self._output = self._output or 0
        else:
            self._text += len(data)
        self.complete = True

    def usage(self) -> Usage:
        """What is charged, as far as is known by now."""
        input = self._input if self._input is not None else self._input_estimate
        if self._final:
            return Usage(input, self._output or 0, exact=self._input is not None)
        return Usage(input, max(self._output or 0, estimated_tokens(self._text)), exact=False)

    def _openai_event(self, content: dict[str, Any]) -> bool:
        choices = content.get("choices")
        for choice in choices if isinstance(choices, list) else ():
            if isinstance(choice, dict):
                self._text += _text_size(choice.get("delta")) + _text_size(choice.get("text"))
        usage = content.get("usage")
        if not isinstance(usage, dict):
            return False
        self._read(usage)
        self._final = self._input is not None
        return choices == []

    def _anthropic_event(self, content: dict[str, Any]) -> None:
        kind = content.get("type")
        if kind == "content_block_delta":
            self._text += _text_size(content.get("delta"))
        elif kind == "message_start":
            message = content.get("message")
            if isinstance(message, dict) and isinstance(message.get("usage"), dict):
                self._read(message["usage"])
        elif kind == "message_delta":
            if isinstance(content.get("usage"), dict):
                self._read(content["usage"])
                self._final = self._input is not None
        elif kind == "message_stop":
            self.complete = True

    def _read(self, usage: dict[str, Any]) -> None:
        """Take over what is there; what is missing stays as it was."""
        prompt = _count(usage, "prompt_tokens", "input_tokens")
        if prompt is not None:
            # Anthropic counts what it took from its cache, or put there, besides.
            cached = (_count(usage, name) or 0 for name in ("cache_creation_input_tokens", "cache_read_input_tokens"))
            self._input = prompt + sum(cached)
        written = _count(usage, "completion_tokens", "output_tokens")
        if written is not None:
            self._output = written


def _count(usage: dict[str, Any], *names: str) -> int | None:
    for name in names:
        value = usage.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
    return None


def _text_size(value: object) -> int:
    """Bytes of all text in a value; what names roles and kinds is so little that it does not matter."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode(errors="replace"))
    if isinstance(value, dict):
        return sum(_text_size(one) for name, one in value.items() if name not in ("type", "role", "id"))
    if isinstance(value, list):
        return sum(_text_size(one) for one in value)
    return 0

"""What the gateway answers instead of a provider, in the shape of the client's own API.

https://platform.openai.com/docs/guides/error-codes and https://docs.anthropic.com/en/api/errors
"""

from __future__ import annotations

import json
from typing import Literal

Shape = Literal["openai", "anthropic"]

_OPENAI_TYPES = {401: "authentication_error", 403: "permission_error", 404: "invalid_request_error", 429: "rate_limit_exceeded"}
_ANTHROPIC_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
    504: "timeout_error",
}


class Refusal(Exception):
    """A request that is answered with an error.

    message       for the client: a sentence with nothing of the gateway's insides, and nothing of the prompt
    code          one word for programs, metrics and logs
    retry_after   seconds after which trying again may help
    """

    def __init__(self, status: int, code: str, message: str, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after

    def body(self, shape: Shape) -> bytes:
        """The answer's JSON."""
        return json.dumps(self._content(shape)).encode()

    def event(self, shape: Shape) -> bytes:
        """The same as an event of a stream that has begun; the blank line before it ends what was cut off in the middle.

        Anthropic's clients know `event: error`; OpenAI's look for `error` in the data of any event.
        """
        prefix = b"event: error\n" if shape == "anthropic" else b""
        return b"\n\n" + prefix + b"data: " + self.body(shape) + b"\n\n"

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Beside content-type and length."""
        if self.retry_after is None:
            return []
        return [(b"retry-after", b"%d" % whole_seconds(self.retry_after))]

    def _content(self, shape: Shape) -> dict[str, object]:
        client = self.status < 500
        if shape == "anthropic":
            kind = _ANTHROPIC_TYPES.get(self.status, "invalid_request_error" if client else "api_error")
            return {"type": "error", "error": {"type": kind, "message": self.message}}
        kind = _OPENAI_TYPES.get(self.status, "invalid_request_error" if client else "server_error")
        return {"error": {"message": self.message, "type": kind, "param": None, "code": self.code}}


def whole_seconds(seconds: float) -> int:
    """Rounded up, and at least one: who comes back at the stated time must not be too early."""
    return max(1, -int(-seconds // 1))

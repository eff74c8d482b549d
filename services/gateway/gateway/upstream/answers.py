"""What a provider's refusal becomes for the client. Nothing of the organisation's account goes through."""

from __future__ import annotations

import email.utils
import json
import re
import time

from gateway.errors import Refusal

LONGEST_MESSAGE = 500
LONGEST_WAIT = 120.0
"""Seconds that a client is asked to wait for at the most."""

_CLIENTS_FAULT = frozenset({400, 404, 413, 422})

_SECRETS = re.compile(
    r"\b(?:sk|rk|pk|org|proj|user|req|acct|key|asst|file)[-_][A-Za-z0-9*_\-.]{4,}"  # ids and keys of OpenAI and Anthropic
    r"|\b[A-Za-z0-9_\-]{32,}\b"  # anything else that may be a key
    r"|https?://\S+|\S+@\S+\.\w+"  # pages of the organisation's account, people in it
    r"|(?i:\bbearer\s+\S+)"
)


def refusal_of(status: int, body: bytes, retry_after: float | None) -> Refusal:
    """For an answer of a provider that is an error.

    What the client did wrong is told in the provider's own words. What is between the organisation and the provider (keys,
    accounts, the organisation's own limits) is the gateway's problem, and nobody else's.
    """
    if status in _CLIENTS_FAULT:
        message = scrubbed(_message(body)) or "The provider refused the request."
        return Refusal(status if status != 422 else 400, "upstream_refused", message)
    if status in (429, 503, 529):
        wait = 5.0 if retry_after is None else min(retry_after, LONGEST_WAIT)
        return Refusal(503, "upstream_overloaded", "The provider is overloaded. Try again later.", wait)
    if status in (408, 504):
        return Refusal(504, "upstream_timeout", "The provider took too long to answer.")
    return Refusal(502, "upstream_failed", "The provider failed.")


def scrubbed(message: str) -> str:
    """Without anything that looks like a key, an id of an account, an address or a link."""
    return _SECRETS.sub("…", message)[:LONGEST_MESSAGE]


def retry_after(value: str | None) -> float | None:
    """Seconds, from a number or a date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after"""
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None


def _message(body: bytes) -> str:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    error = content.get("error") if isinstance(content, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    return message if isinstance(message, str) else ""

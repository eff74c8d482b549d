"""What an event may hold: names that can be queried, values that are JSON and small, nobody's data, no secret.

How an event is built is the code's own doing: what is wrong with that raises, all of it at once. What its texts say may come
from a user: a text that is too long is cut, one that looks like a secret or an e-mail address is replaced, and nobody's
request fails for it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from runtime.contract import Secret
from runtime.events.errors import InvalidEventError

MAX_NAME = 100
MAX_PROPERTIES = 50
MAX_ITEMS = 100
"""Of one list or mapping."""
MAX_DEPTH = 3
MAX_TEXT = 1_000
"""Characters; the rest of a longer text is cut off."""
MAX_BYTES = 8_192
"""Of all properties as JSON: 500 events stay well below the 10 MB of one request."""

NAME = re.compile(r"[a-z][a-z0-9]*(?:[_.][a-z0-9]+)*")
PROPERTY = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")

SECRET_NAME = re.compile(
    r"(?:.*_)?(?:password|passwd|passphrase|secret|token|authorization|cookie|credentials?|(?:api|access|private|license)_key)"
)
"""`session_token`, not `prompt_tokens` or `token_count`."""

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\b(?:Bearer|Basic)\s+[\w.~+/=-]{16,}"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"
    r"|\bya29\.[\w.-]{8,}"
    r"|\b(?:sk|pk|rk)[-_][\w-]{16,}"
    r"|\bgh[pousr]_\w{16,}"
    r"|\bAKIA[0-9A-Z]{16}\b"
    r"|://[^/\s:@]+:[^/\s@]+@"
)
"""Private keys, bearer tokens, JWTs, Google's, OpenAI's, GitHub's and Amazon's tokens, passwords in URLs."""

Redacted = Callable[[str, str], None]
"""Told of the property's name and of what was found in it: `secret`, `e-mail`, `long`."""


def valid_properties(
    name: str, properties: Mapping[str, Any], actor: str | None, redacted: Redacted
) -> dict[str, Any]:
    """The properties as JSON values, fit to be kept. InvalidEventError with all that is wrong."""
    reasons = [*_of_name(name), *_of_actor(actor)]
    if len(properties) > MAX_PROPERTIES:
        reasons.append(f"found {len(properties)} properties; expected at most {MAX_PROPERTIES}")
    found: dict[str, Any] = {}
    for key, value in properties.items():
        reasons += _of_key(key, "")
        found[str(key)] = _value(value, str(key), 1, reasons, redacted)
    if not reasons and (size := len(json.dumps(found, ensure_ascii=False).encode())) > MAX_BYTES:
        reasons.append(f"found {size} bytes of properties; expected at most {MAX_BYTES}")
    if reasons:
        raise InvalidEventError(name, reasons)
    return found


def _of_name(name: str) -> Iterator[str]:
    if not isinstance(name, str) or not NAME.fullmatch(name) or len(name) > MAX_NAME:
        yield f"the name is none; expected at most {MAX_NAME} small letters and digits, with dots and underscores between"


def _of_actor(actor: str | None) -> Iterator[str]:
    if actor is None:
        return
    if not isinstance(actor, str) or not 0 < len(actor) <= MAX_NAME or not actor.isprintable():
        yield f"the actor is none; expected an id such as user:1, at most {MAX_NAME} characters"
    elif EMAIL.search(actor) or SECRET.search(actor):
        yield "the actor looks like an e-mail address or a secret; expected an id such as user:1"


def _of_key(key: Any, above: str) -> Iterator[str]:
    if not isinstance(key, str) or not PROPERTY.fullmatch(key) or len(key) > MAX_NAME:
        yield f"property {above}{key!r}: expected small letters and digits, with underscores between"
    elif SECRET_NAME.fullmatch(key):
        yield f"property {above}{key}: by its name it is a secret, which has no place in an event"


def _value(value: Any, where: str, depth: int, reasons: list[str], redacted: Redacted) -> Any:
    match value:
        case None | bool() | int():
            return value
        case float():
            if not math.isfinite(value):
                reasons.append(f"property {where}: found {value}; expected a number that JSON has")
            return value
        case str():
            return _text(value, where, redacted)
        case Secret():
            reasons.append(f"property {where}: found a Secret, which has no place in an event")
            return None
        case Mapping() | Sequence() if depth == MAX_DEPTH:
            reasons.append(f"property {where}: expected at most {MAX_DEPTH} levels")
        case Mapping() | Sequence() if len(value) > MAX_ITEMS:
            reasons.append(f"property {where}: found {len(value)} items; expected at most {MAX_ITEMS}")
        case Mapping():
            for key in value:
                reasons += _of_key(key, f"{where}.")
            return {
                str(key): _value(item, f"{where}.{key}", depth + 1, reasons, redacted) for key, item in value.items()
            }
        case Sequence() if not isinstance(value, (bytes, bytearray)):
            return [_value(item, f"{where}[{index}]", depth + 1, reasons, redacted) for index, item in enumerate(value)]
        case _:
            reasons.append(f"property {where}: found {type(value).__name__}; expected text, a number, true or false")
    return None


def _text(value: str, where: str, redacted: Redacted) -> str:
    if SECRET.search(value):
        redacted(where, "secret")
        return "[secret]"
    if EMAIL.search(value):
        redacted(where, "e-mail")
        return EMAIL.sub("[e-mail]", value)[:MAX_TEXT]
    # PostgreSQL keeps no NUL, and UTF-8 has no half of a pair.
    value = value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
    if len(value) > MAX_TEXT:
        redacted(where, "long")
        return value[: MAX_TEXT - 1] + "…"
    return value

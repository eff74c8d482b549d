"""Where a browser may be sent after signing in: to a path of the service itself."""

from __future__ import annotations

import re

MAXIMUM = 1024
"""Characters: the path travels in a cookie."""


def is_own_path(text: str) -> bool:
    r"""Whether a browser that follows `text` stays on this site.

    Browsers read `\` as `/` and drop tabs and line breaks (https://url.spec.whatwg.org/#concept-basic-url-parser), so that
    `/\evil.example` and `/<tab>/evil.example` lead away as `//evil.example` does.
    """
    if not text.startswith("/") or len(text) > MAXIMUM:
        return False
    if any(character <= " " or character in "\\\x7f" or not character.isascii() for character in text):
        return False
    # At the beginning `//` is another site; further on it is so for somebody who tidies paths up: `/.//evil.example`.
    return "//" not in re.split(r"[?#]", text, maxsplit=1)[0]

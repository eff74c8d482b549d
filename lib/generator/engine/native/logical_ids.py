"""The names of elements in Terraform (CDKTF's private/unique): stable, readable, unique within a stack."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from generator.engine.errors import EngineError

_LONGEST = 255
_LONGEST_READABLE = 240
_HASH_LENGTH = 8
_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9_-]")


def unique_id(path: Sequence[str]) -> str:
    """The logical id of the element whose construct ids below its stack are `path`.

    One id is taken as it is; nested ids are joined, and a hash of the path keeps `a/bc` and `ab/c` apart. The ids
    `Default` (everywhere) and `Resource` (in the readable part) are left out.
    """
    path = [part for part in path if part != "Default"]
    if not path:
        raise EngineError("Unable to calculate a unique id for an empty set of components")
    if len(path) == 1:
        only = _NOT_ALLOWED.sub("", path[0])
        if len(only) <= _LONGEST:
            return only
    digest = hashlib.md5("/".join(path).encode(), usedforsecurity=False).hexdigest()[:_HASH_LENGTH].upper()
    readable: list[str] = []
    for part in path:
        if not readable or not readable[-1].endswith(part):
            readable.append(part)
    words = (_NOT_ALLOWED.sub("", part) for part in readable if part != "Resource")
    return f"{'_'.join(words)[:_LONGEST_READABLE]}_{digest}"

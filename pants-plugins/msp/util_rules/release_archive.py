"""A release of the generator as one file: the same contents give the same bytes, on every machine. Pure.

Entries are stored, not compressed: compressed bytes depend on the library that made them, and git, which compresses what it
keeps anyway, then stores of the next release only what differs.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from typing import Mapping

# What `program/` is called with and answers (`util_rules/protocol.py`), written into each release.
PROGRAM = "program"
TOOLS_LOCK = "tools.lock.txt"
BINDINGS_LOCK = "bindings.lock.txt"
MANIFEST = "release.json"

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644 << 16


class BrokenArchiveError(Exception):
    """It is no release."""


@dataclass(frozen=True)
class Manifest:
    """What a release says of itself."""

    protocol: int
    source_roots: tuple[str, ...]

    def render(self) -> bytes:
        document = {"protocol": self.protocol, "sourceRoots": list(self.source_roots)}
        return (json.dumps(document, indent=2, sort_keys=True) + "\n").encode()


def pack(files: Mapping[str, bytes]) -> bytes:
    """The archive of these files, by path."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.create_system, entry.external_attr = 3, _MODE
            archive.writestr(entry, files[path])
    return buffer.getvalue()


def unpack(content: bytes) -> tuple[Manifest, dict[str, bytes]]:
    """The manifest and all files, itself among them. Raises BrokenArchiveError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        document = json.loads(files[MANIFEST])
        manifest = Manifest(int(document["protocol"]), tuple(str(root) for root in document["sourceRoots"]))
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise BrokenArchiveError(f"it is no release of the generator: {error!r}") from error
    return manifest, files


def sha256(archive: bytes) -> str:
    return hashlib.sha256(archive).hexdigest()

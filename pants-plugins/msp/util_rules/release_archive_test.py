from __future__ import annotations

import io
import zipfile

import pytest
from msp.util_rules.release_archive import MANIFEST, BrokenArchiveError, Manifest, pack, sha256, unpack

FILES = {"program/lib/a.py": b"print()\n", "tools.lock.txt": b"", MANIFEST: Manifest(1, ("lib",)).render()}


def test_the_same_files_are_the_same_bytes_in_any_order_and_at_any_time() -> None:
    one, other = pack(FILES), pack(dict(reversed(list(FILES.items()))))
    assert one == other
    # Of this very archive: neither the clock nor the machine's zlib is in it.
    assert sha256(one) == "9874c7c2996f88b7d940f82c5feab199030058a3c7e34b5d08afbdb9eb5403cf"


def test_what_was_packed_comes_out() -> None:
    assert unpack(pack(FILES)) == (Manifest(1, ("lib",)), FILES)


@pytest.mark.parametrize("content", [b"", b"text", pack({"program/x": b""}), pack({MANIFEST: b"[]"}), pack({MANIFEST: b"{"})])
def test_anything_else_is_no_release(content: bytes) -> None:
    with pytest.raises(BrokenArchiveError):
        unpack(content)


def test_nothing_is_compressed_so_that_git_finds_what_stayed() -> None:
    with zipfile.ZipFile(io.BytesIO(pack(FILES))) as archive:
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}

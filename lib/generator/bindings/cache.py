"""The cut for plain development and tests: made once from the installed packages, then found by its content.

Under the build system the cut is a cached process of its own and is passed as a folder; this cache is not used there.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from generator.bindings.cut import cut
from generator.bindings.errors import BindingsError
from generator.bindings.seam import CORE_PACKAGES, SeamLine, modules_by_package, read_seam
from generator.bindings.sources import find_distributions

SEAM = Path(__file__).parent.parent / "engine"
CACHE_VARIABLE = "MSP_BINDINGS_CACHE"
_KEPT = 8


def _code() -> bytes:
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        if not source.name.endswith("_test.py"):
            digest.update(source.read_bytes())
    return digest.digest()


_CODE = _code()
"""The cutter's code, as it was when this process loaded it: somebody may edit it while the process runs."""


def ensure() -> Path:
    """The folder with the cut bindings and schema.json, made first if it is not there yet.

    The folder is complete when it exists and never changes; put it before the installed packages on sys.path. Its
    name covers the packages' content, the seam, the code of the cutter and the Python version. Several processes may
    call this at once. Raises BindingsError.
    """
    seam = read_seam(SEAM)
    wheels = installed_folders([*CORE_PACKAGES, *modules_by_package(seam)])
    root = Path(os.environ.get(CACHE_VARIABLE) or Path.home() / ".cache" / "msp" / "bindings")
    folder = root / _key(wheels, seam)
    if not folder.is_dir():
        with _locked(root):
            if not folder.is_dir():
                _make(wheels, seam, folder)
                _forget_old(root)
    with suppress(OSError):  # a cache that is only readable serves as well
        os.utime(folder)
    return folder


def installed_folders(packages: Sequence[str]) -> tuple[Path, ...]:
    """The folders that the packages are installed in, without importing them."""
    folders: list[Path] = []
    for package in packages:
        try:
            folder = Path(str(importlib.metadata.distribution(package).locate_file("")))
        except importlib.metadata.PackageNotFoundError as error:
            name = package.replace("_", "-")
            raise BindingsError(f"{name} is not installed for {sys.executable}; install it there") from error
        if folder not in folders:
            folders.append(folder)
    return tuple(folders)


def _key(wheels: Sequence[Path], seam: Sequence[SeamLine]) -> str:
    modules = modules_by_package(seam)
    digest = hashlib.sha256(f"{sys.implementation.cache_tag} {modules}".encode())
    for name, distribution in sorted(find_distributions(wheels, [*CORE_PACKAGES, *modules]).items()):
        digest.update(f"{name} {distribution.version} {distribution.fingerprint()}".encode())
    digest.update(_CODE)
    return digest.hexdigest()[:32]


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    try:
        root.mkdir(parents=True, exist_ok=True)
        with open(root / ".lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise BindingsError(
            f"{error.filename or root}: cannot write the cache of bindings: {error.strerror}"
        ) from error


def _forget_old(root: Path) -> None:
    """Keep the cuts that were used last; each is 20 MB, and every edit of the cutter or the seam makes another."""
    folders = [path for path in root.iterdir() if path.is_dir()]
    for folder in sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)[_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)


def _make(wheels: Sequence[Path], seam: Sequence[SeamLine], folder: Path) -> None:
    """Cut beside the final place and move there in one step; an interrupted attempt is swept by the next one."""
    for leftover in folder.parent.glob(".new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    attempt = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        cut(wheels, seam, attempt)
        attempt.chmod(0o755)
        attempt.rename(folder)
    finally:
        shutil.rmtree(attempt, ignore_errors=True)

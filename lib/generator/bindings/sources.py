"""Where the published packages are read from: a wheel, a packed Pex's copy of one, or a folder they are installed in.

Only names and bytes leave this module, so that the cut cannot depend on where or how a package was installed.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from generator.bindings.errors import BindingsError


class _Files(Protocol):
    """Files below one root, by their POSIX path relative to it."""

    def names(self, under: str) -> list[str]: ...

    def read(self, name: str) -> bytes: ...

    def metadata_folders(self) -> list[str]: ...


@dataclass(frozen=True)
class _Folder:
    root: Path

    def names(self, under: str) -> list[str]:
        base = self.root / under
        return sorted(p.relative_to(self.root).as_posix() for p in base.rglob("*") if p.is_file())

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def metadata_folders(self) -> list[str]:
        return sorted(p.name for p in self.root.glob("*.dist-info"))


@dataclass(frozen=True)
class _Archive:
    archive: zipfile.ZipFile

    def names(self, under: str) -> list[str]:
        return sorted(n for n in self.archive.namelist() if n.startswith(under + "/") and not n.endswith("/"))

    def read(self, name: str) -> bytes:
        return self.archive.read(name)

    def metadata_folders(self) -> list[str]:
        return sorted({n.split("/")[0] for n in self.archive.namelist() if ".dist-info/" in n})


@dataclass(frozen=True)
class Distribution:
    """One published package: the import package's files and its version."""

    package: str
    version: str
    origin: Path
    files: _Files

    def names(self) -> list[str]:
        """The package's own files, sorted, without byte code."""
        return [name for name in self.files.names(self.package) if "__pycache__/" not in name]

    def read(self, name: str) -> bytes:
        """The bytes of one of `names()`. Raises BindingsError when the archive is damaged."""
        try:
            return self.files.read(name)
        except (OSError, zipfile.BadZipFile, KeyError) as error:
            raise BindingsError(f"{self.origin}: cannot read {name}: {error}; install or fetch it again") from error

    def tarball(self) -> str:
        """The name of the jsii tarball that the package carries."""
        found = [name for name in self.names() if name.endswith(".jsii.tgz")]
        if len(found) != 1:
            raise BindingsError(f"{self.origin}: {self.package} should carry one *.jsii.tgz, found {len(found)}")
        return found[0]

    def fingerprint(self) -> str:
        """What identifies the package's content: the hashes that RECORD holds of its files, or else its tarball.

        Not every installer keeps the RECORD; the tarball holds the code that the Python files are generated from.
        """
        metadata = f"{self.package}-{self.version}.dist-info"
        if f"{metadata}/RECORD" not in self.files.names(metadata):
            return hashlib.sha256(self.read(self.tarball())).hexdigest()
        record = self.read(f"{metadata}/RECORD").decode()
        own = [line for line in record.splitlines() if line.startswith(self.package + "/") and "sha256=" in line]
        return hashlib.sha256("\n".join(sorted(own)).encode()).hexdigest()


def find_distributions(paths: Sequence[Path], packages: Iterable[str]) -> dict[str, Distribution]:
    """Each of `packages` from the first of `paths` that holds it. Raises BindingsError naming every missing one."""
    places = [(path, _open(path)) for path in paths]
    found: dict[str, Distribution] = {}
    missing: list[str] = []
    for package in packages:
        for path, files in places:
            version = _version(package, files)
            if version is not None and f"{package}/__init__.py" in files.names(package):
                found[package] = Distribution(package=package, version=version, origin=path, files=files)
                break
        else:
            missing.append(package.replace("_", "-"))
    if missing:
        given = ", ".join(str(path) for path in paths) or "no path"
        raise BindingsError(f"no wheel of {', '.join(missing)} in {given}; pass each with --wheel PATH")
    return found


def _open(path: Path) -> _Files:
    if path.is_dir():
        return _Folder(path)
    if not path.exists():
        raise BindingsError(f"{path}: no such wheel or folder")
    try:
        return _Archive(zipfile.ZipFile(path))
    except (OSError, zipfile.BadZipFile) as error:
        raise BindingsError(f"{path}: not a wheel (zip archive): {error}; fetch it again") from error


def _version(package: str, files: _Files) -> str | None:
    for folder in files.metadata_folders():
        name, _, version = folder.removesuffix(".dist-info").rpartition("-")
        if name.replace("-", "_").lower() == package.lower():
            return version
    return None

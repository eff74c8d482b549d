"""Releases of the generator that are committed, and at which of them tiers are held."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from msp.subsystems.msp import MspSubsystem
from msp.util_rules import release_archive
from msp.util_rules.envelope import Diagnostic, ordered
from msp.util_rules.release_archive import BINDINGS_LOCK, PROGRAM, TOOLS_LOCK, BrokenArchiveError
from msp.util_rules.release_lock import NOTHING_HELD, ReleaseLock, parse
from msp.util_rules.tool import MspVersion

from pants.engine.fs import CreateDigest, Digest, DigestContents, DigestEntries, FileContent, FileEntry, PathGlobs
from pants.engine.rules import Get, collect_rules, rule
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

LOCK_FILE = "lock.yaml"


class NoReleaseError(Exception):
    """A release that the lock names can't be used. (Findings say so before anything asks for it.)"""


def archive_path(directory: str, release: int) -> str:
    return os.path.join(directory, f"{release}.zip")


@dataclass(frozen=True)
class MspReleases:
    """What the lock says, where it says it, and everything that is wrong with it and with the archives beside it."""

    path: str
    lock: ReleaseLock
    places: FrozenDict[str, tuple[int, int]]
    archives: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def are_broken(self) -> bool:
        return any(diagnostic.is_error for diagnostic in self.diagnostics)

    @property
    def usable(self) -> tuple[int, ...]:
        """The releases that can be opened."""
        return () if self.are_broken else tuple(self.lock.releases)


@dataclass(frozen=True)
class MspRelease:
    """What lies in an archive: all of it, and its parts."""

    digest: Digest
    program: Digest
    tools_lock: str
    bindings_lock: str
    protocol: int
    source_roots: tuple[str, ...]


@rule(desc="Find releases of the generator", level=LogLevel.DEBUG)
async def find_releases(msp: MspSubsystem) -> MspReleases:
    directory = msp.releases_directory
    path = os.path.join(directory, LOCK_FILE)
    entries = await Get(DigestEntries, PathGlobs([path, os.path.join(directory, "*.zip")]))
    found = {entry.path: entry for entry in entries if isinstance(entry, FileEntry)}
    archives = tuple(sorted(other for other in found if other != path))
    if path in found:
        (content,) = await Get(DigestContents, PathGlobs([path]))
        lock, places, wrong = parse(path, content.content)
    else:
        lock, places, wrong = NOTHING_HELD, {}, ()
    fingerprints = {archive: found[archive].file_digest.fingerprint for archive in archives}
    wrong = (*wrong, *_wrong_archives(directory, path, lock, places, fingerprints))
    return MspReleases(path, lock, FrozenDict(places), archives, ordered(wrong))


def _wrong_archives(
    directory: str, path: str, lock: ReleaseLock, places: dict[str, tuple[int, int]], archives: dict[str, str]
) -> list[Diagnostic]:
    """Archives that are not what the lock says, and such as it does not name."""
    findings = []
    for release, sha256 in lock.releases.items():
        archive = archive_path(directory, release)
        found = archives.get(archive)
        if found == sha256:
            continue
        line, column = places[f"releases.{release}"]
        findings.append(
            Diagnostic(
                path=path, line=line, column=column, severity="error", code="release-altered", key=f"releases.{release}",
                found=f"{archive} with sha256 {found}" if found else f"no {archive}",
                expected=f"the archive as it was cut, with sha256 {sha256}",
                fix=f"bring it back: git checkout HEAD -- {archive}",
            )  # fmt: skip
        )
    named = {archive_path(directory, release) for release in lock.releases}
    findings += [
        Diagnostic(
            path=archive, line=1, column=1, severity="warning", code="release-unused", key="", found="an archive",
            expected=f"releases that {path} names", fix=f"delete it: rm {archive}",
        )  # fmt: skip
        for archive in archives
        if archive not in named
    ]
    return findings


@rule(desc="Open a release of the generator", level=LogLevel.DEBUG)
async def open_release(version: MspVersion, msp: MspSubsystem, releases: MspReleases) -> MspRelease:
    if version.release not in releases.lock.releases or releases.are_broken:
        raise NoReleaseError(f"{releases.path} names no usable release {version.release}; run the goal `check`")
    archive = archive_path(msp.releases_directory, version.release)
    (content,) = await Get(DigestContents, PathGlobs([archive]))
    try:
        manifest, files = release_archive.unpack(content.content)
    except BrokenArchiveError as error:
        raise NoReleaseError(f"{archive}: {error}") from error
    digest = await Get(Digest, CreateDigest(FileContent(path, files[path]) for path in sorted(files)))
    inside = f"{PROGRAM}/"
    program = await Get(
        Digest, CreateDigest(FileContent(path[len(inside) :], files[path]) for path in sorted(files) if path.startswith(inside))
    )
    locks = (files.get(TOOLS_LOCK, b"").decode(), files.get(BINDINGS_LOCK, b"").decode())
    return MspRelease(digest, program, *locks, manifest.protocol, manifest.source_roots)


def plain(entries: DigestEntries) -> frozenset[FileEntry]:
    """Files by path and content alone."""
    return frozenset(replace(entry, is_executable=False) for entry in entries if isinstance(entry, FileEntry))


def rules():
    return collect_rules()

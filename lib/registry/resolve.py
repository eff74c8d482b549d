"""Looks up what the tags of subscriptions mean now, and writes it down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry import lock_file
from registry.errors import RegistryError
from spec.diagnostics import Diagnostic, ordered
from spec.loader import LoadedService, load_fleet, read_lock
from spec.model import Environment
from spec.model.images import FILE, LockedImage
from spec.names import Names
from spec.platform import Platform

Lookup = Callable[[str, str], str]
"""Repository and tag -> digest; raises RegistryError."""


@dataclass(frozen=True)
class Resolved:
    """What came of it.

    lines        for people: one for each subscription
    diagnostics  what could not be looked up, and what is wrong with the specs
    written      the lock files that changed or went, from the root
    """

    lines: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    written: tuple[Path, ...]


def resolve(root: Path, platform_path: Path, specs: Sequence[Path], lookup: Lookup) -> Resolved:
    """Writes the lock file beside each valid spec. What can't be looked up stays as it was, and is a finding."""
    fleet = load_fleet(platform_path, specs, root, locked=False)
    lines: list[str] = []
    findings = list(fleet.diagnostics)
    written: list[Path] = []
    for service in fleet.services if fleet.platform is not None else ():
        assert fleet.platform is not None
        # Nothing where the file is broken: it is written anew.
        before = read_lock(service.directory / FILE, root).images
        images: dict[str, LockedImage] = {}
        for index, environment in enumerate(service.spec.environments):
            if environment.deploy.type != "subscription":
                continue
            old = before.get(environment.id)
            try:
                new = _look_up(service, environment, fleet.platform, lookup)
            except RegistryError as error:
                findings.append(_finding(service, index, error))
                if old is not None:
                    images[environment.id] = old
                continue
            images[environment.id] = new
            lines.append(_line(service, environment, old, new))
        if _write(root / service.directory / FILE, service, images):
            written.append(service.directory / FILE)
    return Resolved(tuple(lines), ordered(findings), tuple(written))


def _look_up(service: LoadedService, environment: Environment, platform: Platform, lookup: Lookup) -> LockedImage:
    repository = Names(service.spec, environment, platform).image_repository
    tag = environment.deploy.tag
    assert tag is not None
    return LockedImage(repository=repository, tag=tag, digest=lookup(repository, tag))


def _line(service: LoadedService, environment: Environment, old: LockedImage | None, new: LockedImage) -> str:
    head = f"{service.spec.service.id} {environment.id}: {new.repository}:{new.tag}"
    if old == new:
        return f"{head} is still {new.digest}"
    if old is None:
        return f"{head} is {new.digest}"
    return f"{head} was {_shown(old, new)}, is now {new.digest}"


def _shown(old: LockedImage, new: LockedImage) -> str:
    same = (old.repository, old.tag) == (new.repository, new.tag)
    return old.digest if same else f"{old.repository}:{old.tag}@{old.digest}"


def _write(path: Path, service: LoadedService, images: dict[str, LockedImage]) -> bool:
    """Whether anything changed."""
    if not images:
        existed = path.exists()
        path.unlink(missing_ok=True)
        return existed
    content = lock_file.text(f"{service.directory.as_posix()}::", images).encode()
    if path.exists() and path.read_bytes() == content:
        return False
    path.write_bytes(content)
    return True


def _finding(service: LoadedService, index: int, error: RegistryError) -> Diagnostic:
    keys = ("environments", index, "deploy", "tag")
    place = service.position(keys)
    return Diagnostic(
        severity="error",
        code="image-not-found",
        path=service.path.as_posix(),
        line=place.line,
        column=place.column,
        key=f"environments[{index}].deploy.tag",
        found=error.found,
        expected=error.expected,
        fix=error.fix,
    )

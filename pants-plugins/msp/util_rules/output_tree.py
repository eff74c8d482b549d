"""Who owns which generated path, and how the committed ones stand to what they should be. Pure: names and fingerprints only.

Below the output folder (`root`, `infra-out`):

    <service>/<environment>/…     `services/<service>:infra#<environment>`
    <service>/operations.md       `services/<service>:docs`
    <service>/description.json    likewise: what the guide is to people, this is to programs
    <service>/<anything else>     `services/<service>:infra`, which knows the set of environments
    <anything else>               the repository: nobody declares such a service

Writing touches what the addressed targets own and nothing else, so that making one environment keeps the others byte for
byte; and an environment, or a service, that is no longer declared has an owner that removes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Iterable, Mapping, Union

OPERATIONS_FILE = "operations.md"
DESCRIPTION_FILE = "description.json"

# Terraform writes this one, where somebody runs it in the folder, and advises to commit it: it lives and goes with its folder.
TERRAFORM_LOCK_FILE = ".terraform.lock.hcl"


@dataclass(frozen=True)
class ServiceOwnership:
    """What the addressed targets of one service own.

    environments   the addressed ones
    declared       all that the spec declares, addressed or not
    docs           whether the operations guide, and the description with it, is addressed
    names          whether the service's own set of names is: what nothing declares is then an orphan
    """

    root: str
    service: str
    environments: frozenset[str]
    declared: frozenset[str]
    docs: bool
    names: bool

    def owns(self, path: str) -> bool:
        service, _, rest = _below(self.root, path).partition("/")
        if service != self.service:
            return False
        if rest in (OPERATIONS_FILE, DESCRIPTION_FILE):
            return self.docs
        environment, slash, _ = rest.partition("/")
        if slash and environment in self.declared:
            return environment in self.environments
        return self.names


@dataclass(frozen=True)
class RepositoryOwnership:
    """The set of names directly below the output folder: whatever no service declares."""

    root: str
    services: frozenset[str]

    def owns(self, path: str) -> bool:
        service, slash, _ = _below(self.root, path).partition("/")
        return bool(service) and not (slash and service in self.services)


@dataclass(frozen=True)
class FilesOwnership:
    """Exactly these files, wherever they are."""

    paths: frozenset[str]

    def owns(self, path: str) -> bool:
        return path in self.paths


Ownership = Union[ServiceOwnership, RepositoryOwnership, FilesOwnership]


def _below(root: str, path: str) -> str:
    """The path without the root, or an empty string where it is not below it."""
    return path[len(root) + 1 :] if path.startswith(f"{root}/") else ""


@dataclass(frozen=True)
class Comparison:
    """What has to change for the committed files to be the generated ones. Sorted."""

    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    orphaned: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        return not (self.missing or self.changed or self.orphaned)


def compare(generated: Mapping[str, str], committed: Mapping[str, str], owner: Ownership) -> Comparison:
    """Compares path → fingerprint of what was generated with what is committed, as far as `owner` goes."""
    wanted = {path for path in generated if owner.owns(path)}
    standing = {path for path in committed if owner.owns(path)}
    folders = {str(PurePosixPath(path).parent) for path in generated}
    return Comparison(
        missing=tuple(sorted(wanted - standing)),
        changed=tuple(sorted(path for path in wanted & standing if generated[path] != committed[path])),
        orphaned=tuple(sorted(path for path in standing - wanted if not _is_companion(path, folders))),
    )


def _is_companion(path: str, folders: set[str]) -> bool:
    file = PurePosixPath(path)
    return file.name == TERRAFORM_LOCK_FILE and str(file.parent) in folders


def prune(orphaned: Iterable[str], committed: Iterable[str]) -> tuple[str, ...]:
    """The paths to remove for the orphaned files to be gone, without leaving empty folders behind.

    A folder is named instead of its files where nothing else is committed in it. Folders directly below the repository's
    root are never named.
    """
    gone = set(orphaned)
    kept = {parent for path in committed if path not in gone for parent in PurePosixPath(path).parents}
    removed = set()
    for path in gone:
        empty = [parent for parent in PurePosixPath(path).parents if len(parent.parts) > 1 and parent not in kept]
        removed.add(str(empty[-1] if empty else path))
    return tuple(sorted(removed))

"""References to secrets, and where their files are mounted."""

from __future__ import annotations

from collections.abc import Iterator

from ..check.partial import MISSING
from ..constants import RESERVED_SECRET_PREFIX
from ..findings import Finding, Keys
from ..limits import FORBIDDEN_MOUNT_DIRECTORIES, FORBIDDEN_MOUNT_TREES
from ..model.secrets import SecretReference
from .base import Place


def _references(place: Place) -> Iterator[tuple[Keys, SecretReference]]:
    environment = place.environment
    for name, reference in environment.secret_env_references.items():
        yield place.keys("secretEnv", name), reference
    for name, volume in environment.secret_volumes.items():
        if volume.secret is not MISSING:
            yield place.keys("secretVolumes", name, "secret"), volume.reference


def own_secrets_go_by_id(place: Place) -> Iterator[Finding]:
    """A secret of the own project has one way to be written, so that it is known to be the platform's to make."""
    for keys, reference in _references(place):
        if reference.project == place.environment.project_id:
            version = "" if reference.version == "latest" else f"@{reference.version}"
            yield Finding(
                keys,
                "own-secret-by-full-name",
                "the secret's id alone, since it lies in the environment's own project",
                f"write {reference.secret}{version}",
            )
        elif reference.project is None and reference.secret.startswith(RESERVED_SECRET_PREFIX):
            yield Finding(
                keys,
                "reserved-secret",
                f"an id that does not start with {RESERVED_SECRET_PREFIX}",
                "choose another id; secrets with this beginning are the platform's own",
            )


def mounts_do_not_meet(place: Place) -> Iterator[Finding]:
    """Each file has a directory of its own, for Cloud Run mounts a whole directory:
    https://cloud.google.com/run/docs/configuring/services/secrets#mounting-secrets"""
    taken: dict[str, str] = {}
    for name, volume in place.environment.secret_volumes.items():
        if volume.mount_path is MISSING:
            continue
        keys, directory = place.keys("secretVolumes", name, "mountPath"), volume.directory
        parts = volume.mount_path.split("/")
        if ".." in parts or "." in parts:
            yield Finding(keys, "invalid-value", "a path without . and ..", "write the path they lead to")
            continue
        forbidden = next((tree for tree in FORBIDDEN_MOUNT_TREES if _within(directory, tree)), None)
        if directory in FORBIDDEN_MOUNT_DIRECTORIES:
            forbidden = directory
        if forbidden is not None:
            yield Finding(
                keys,
                "forbidden-mount",
                f"a directory outside {forbidden}",
                f"choose a directory such as /etc/{place.spec.service.id}",
            )
        other = next((other for other in taken if _within(directory, other) or _within(other, directory)), None)
        if other is not None:
            yield Finding(
                keys,
                "mount-conflict",
                "a directory of its own for every volume, none inside another",
                f"choose a directory apart from {other}, where volume `{taken[other]}` is",
            )
        taken.setdefault(directory, name)


def _within(directory: str, other: str) -> bool:
    return directory == other or directory.startswith(other + "/")


ENVIRONMENT_RULES = (own_secrets_go_by_id, mounts_do_not_meet)

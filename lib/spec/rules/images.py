"""What the tags of subscriptions mean: each against the images.lock.yaml beside the spec."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Finding
from ..model.images import FILE, ImageLock
from ..names import Names
from ..platform import Platform
from .base import Place


def image_is_resolved(place: Place, platform: Platform, lock: ImageLock, targets: str) -> Iterator[Finding]:
    """The lock says what the subscription's tag means, of the repository that the spec names."""
    environment = place.environment
    if environment.deploy.type != "subscription" or environment.deploy.tag is None:
        return
    locked = lock.images.get(environment.id)
    repository = Names(place.spec, environment, platform).image_repository
    if locked is None:
        yield Finding(
            place.keys("deploy", "tag"),
            "image-unresolved",
            f"an entry for {environment.id} in {FILE} beside the spec, which says what the tag means",
            _resolve(targets),
            f"`{environment.deploy.tag}`, which nobody has looked up yet",
        )
    elif (locked.repository, locked.tag) != (repository, environment.deploy.tag):
        yield Finding(
            place.keys("deploy", "tag"),
            "image-lock-stale",
            f"what {FILE} has looked up for {environment.id}: {locked.repository}:{locked.tag}",
            _resolve(targets),
            f"{repository}:{environment.deploy.tag}",
        )


def _resolve(targets: str) -> str:
    return f"run `./pants msp-resolve-images {targets}` and commit {FILE}"


IMAGE_RULES = (image_is_resolved,)
"""Rules that look at the lock file too."""

"""Which image runs."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Finding
from ..tiers import DIGEST_REQUIRED
from .base import Place


def image_is_named(place: Place) -> Iterator[Finding]:
    """There is a tag or a digest; and a digest where the tier asks for one."""
    deploy, tier = place.environment.deploy, place.environment.tier
    if deploy.digest is not None:
        return
    if DIGEST_REQUIRED.default(tier):
        yield Finding(
            place.keys("deploy", "digest"),
            "digest-required",
            f"the image's digest, since the environment's tier is {tier} and a tag can be moved",
            "add `digest: sha256:…`; the registry shows it, and so does `docker buildx imagetools inspect IMAGE:TAG`",
            "no `digest`",
        )
    elif deploy.tag is None:
        yield Finding(
            place.keys("deploy"),
            "image-missing",
            "`tag` or `digest`",
            "add `tag:` with the image's tag, or `digest:` with its digest",
            "neither `tag` nor `digest`",
        )


ENVIRONMENT_RULES = (image_is_named,)

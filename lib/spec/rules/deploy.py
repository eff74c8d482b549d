"""Which image runs."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Finding
from ..tiers import DIGEST_REQUIRED
from .base import Place


def image_is_named(place: Place) -> Iterator[Finding]:
    """What names the image fits the type of deployment."""
    yield from {"manual": _manual, "subscription": _subscription, "rollout": _rollout}[place.environment.deploy.type](place)


def _manual(place: Place) -> Iterator[Finding]:
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


def _subscription(place: Place) -> Iterator[Finding]:
    """There is a tag to follow; what it means is in the lock file and not here."""
    deploy = place.environment.deploy
    if deploy.tag is None:
        yield Finding(
            place.keys("deploy", "tag"),
            "image-missing",
            "the tag that the environment follows",
            "add `tag:` with the tag to follow, such as `tag: main`",
            "no `tag`",
        )
    if deploy.digest is not None:
        yield _without_effect(
            place, "digest", "a subscription without `digest`: what the tag means stands in images.lock.yaml",
            "delete it, or write `type: manual`",
        )  # fmt: skip


def _rollout(place: Place) -> Iterator[Finding]:
    """The pipeline alone says which image runs."""
    for name in ("tag", "digest"):
        if getattr(place.environment.deploy, name) is not None:
            yield _without_effect(
                place, name, "a rollout without tag and digest: releases bring the image, `rollout.initialImage` the first",
                "delete it",
            )  # fmt: skip


def _without_effect(place: Place, name: str, expected: str, fix: str) -> Finding:
    return Finding(place.keys("deploy", name), "without-effect", expected, fix, f"`{name}`", on_key=True)


ENVIRONMENT_RULES = (image_is_named,)

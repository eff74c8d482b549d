"""`environments[].deploy`: which image runs, and how it gets there."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from .base import Expect, Section, key

ImageTag = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$"),
    Expect(
        "an image tag: at most 128 letters, digits, underscores, dots and dashes, starting with a letter, digit or underscore"
    ),
]

ImageDigest = Annotated[
    str,
    StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$"),
    Expect(
        "sha256: and 64 lower-case hexadecimal digits",
        "copy the digest from the registry",
        suggest=lambda text: [f"sha256:{text.lower()}"],
    ),
]


class Deploy(Section):
    """Which image runs, and who says so: a person, a tag, or the pipeline."""

    type: Literal["manual", "subscription", "rollout"] = key(
        "How a new image comes to run. `manual`: somebody writes its tag or digest here and applies. `subscription`: the"
        " environment follows `tag`; `./pants msp-resolve-images` writes what the tag means now into images.lock.yaml,"
        " which is committed and applied. `rollout`: the delivery pipeline of the top-level `rollout` brings it, and"
        " Terraform leaves the image alone."
    )
    tag: ImageTag | None = key(
        "The image's tag. With type manual enough by itself only in tier test, since a tag can be moved; with type"
        " subscription the tag to follow.",
        default=None,
        default_text="none",
        examples=("2026-11-01",),
        source="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests",
    )
    digest: ImageDigest | None = key(
        "The image's digest: the one form that always means the same bytes. Type manual only, where it decides over"
        " `tag`; required there in tiers internal and external.",
        default=None,
        default_text="none",
        examples=("sha256:" + "0" * 64,),
        source="https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests",
    )

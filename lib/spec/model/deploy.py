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
    """Which image runs. At least one of `tag` and `digest`; where both are given the digest decides."""

    type: Literal["manual"] = key(
        "How a new image comes to run. `manual`: somebody writes its tag or digest here and applies."
    )
    tag: ImageTag | None = key(
        "The image's tag. Enough by itself only in tier test, since a tag can be moved.",
        default=None,
        default_text="none",
        examples=("2026-11-01",),
        source="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests",
    )
    digest: ImageDigest | None = key(
        "The image's digest: the one form that always means the same bytes. Required in tiers internal and external.",
        default=None,
        default_text="none",
        examples=("sha256:" + "0" * 64,),
        source="https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests",
    )

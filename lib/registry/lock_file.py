"""images.lock.yaml as it is written. `spec.model.images` says what it means."""

from __future__ import annotations

from collections.abc import Mapping

from spec.model.images import LockedImage

HEAD = """\
# What the tags of this service's subscriptions meant when somebody last asked for it. Written by
#   ./pants msp-resolve-images {targets}
# and committed, so that the same commit always runs the same images.
"""


def text(targets: str, images: Mapping[str, LockedImage]) -> str:
    """The file's text. Ids, repositories, tags and digests, but for a few tags, need no quotes in YAML."""
    lines = ["images:"]
    for environment, image in images.items():
        lines += [
            f"  {environment}:",
            f"    repository: {image.repository}",
            f'    tag: "{image.tag}"',
            f"    digest: {image.digest}",
        ]
    return HEAD.format(targets=targets) + "\n".join(lines) + "\n"

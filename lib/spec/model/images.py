"""images.lock.yaml, beside a service.yaml: what the tags of its subscriptions meant when they were last looked up."""

from __future__ import annotations

from .base import Section, key
from .build import ImageRepository
from .deploy import ImageDigest, ImageTag
from .environment import EnvironmentId

FILE = "images.lock.yaml"


class LockedImage(Section):
    """What one tag meant."""

    repository: ImageRepository = key("The image's repository.")
    tag: ImageTag = key("The tag that was looked up.")
    digest: ImageDigest = key("What it meant: a manifest's digest, for several architectures that of their index.")


class ImageLock(Section):
    """The locked images, by environment."""

    images: dict[EnvironmentId, LockedImage] = key("One entry for each environment with a subscription.", default={})

"""`build`: where the service's image and source are."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import StringConstraints

from .base import Expect, Section, key

ImageRepository = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*)+$", max_length=255
    ),
    Expect(
        "a registry, a slash and a lower-case path, without tag and digest",
        "write the repository alone; the tag or digest belongs to environments[].deploy",
        suggest=lambda text: [re.sub(r"(:[A-Za-z0-9_.-]+)?(@.*)?$", "", text)],
    ),
]

PinnedImage = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*)+@sha256:[0-9a-f]{64}$",
        max_length=400,
    ),
    Expect("a registry, a slash, a lower-case path, and @sha256: with the image's digest", "name the image by its digest"),
]

SourceRepository = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9.-]+\.[a-z]+(/[A-Za-z0-9._~-]+)+$"),
    Expect("a repository's host and path without scheme, such as github.com/acme/platform"),
]

RelativeDirectory = Annotated[
    str,
    StringConstraints(pattern=r"^(\.|[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*)$"),
    Expect("a directory inside the repository, with forward slashes, without leading or trailing slash and without .."),
]


class Source(Section):
    """Where the service's code is, for the people who read the operations guide."""

    repository: SourceRepository = key("The repository's host and path.", examples=("github.com/acme/platform",))
    directory: RelativeDirectory = key(
        "The service's directory inside the repository; `.` is the whole of it.",
        default=".",
        examples=("services/accounts",),
    )


class Build(Section):
    """Where the service's image and source are."""

    image: ImageRepository | None = key(
        "Image repository, without tag and digest.",
        default=None,
        default_text="`<registry.repository of platform.yaml>/<service.id>`",
        examples=("europe-west1-docker.pkg.dev/acme-artifacts/services/accounts",),
        source="https://cloud.google.com/run/docs/deploying#images",
    )
    source: Source | None = key("Where the service's code is.", default=None, default_text="not shown")

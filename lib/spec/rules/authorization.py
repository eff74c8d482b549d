"""`resources.authorization`: only what platform.yaml has can be asked for."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Finding
from ..platform import Platform
from .base import Place


def authorization_is_offered(place: Place, platform: Platform) -> Iterator[Finding]:
    """Some server answers."""
    if place.environment.resources.authorization is not None and platform.authorization is None:
        yield Finding(
            place.keys("resources", "authorization"),
            "authorization-not-offered",
            "an OpenFGA server in platform.yaml, which has none",
            "delete it, or add these lines to platform.yaml: `authorization:` and below it"
            " `  apiUrl: https://<the server's name>`",
            "authorization without a server",
            on_key=True,
        )


PLATFORM_RULES = (authorization_is_offered,)

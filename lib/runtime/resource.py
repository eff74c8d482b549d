"""What the life cycle, the health page and the readiness probe know of a database, a cache or a writer."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class Resource(Protocol):
    """Something that is opened before the service serves and closed after its last request."""

    @property
    def name(self) -> str:
        """How the health page calls it: `postgres`, `redis`."""
        ...

    async def open(self) -> None:
        """Connect as far as that is needed to start."""
        ...

    async def check(self) -> None:
        """Raise with a one-line reason, and no secret in it, while it can't be used."""
        ...

    async def close(self) -> None:
        """Let go of everything; called once, also after an `open` that failed."""
        ...

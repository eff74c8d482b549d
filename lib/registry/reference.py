"""Where a repository's registry is, and what the registry calls it."""

from __future__ import annotations

from dataclasses import dataclass

DOCKER_HUB = "docker.io"


@dataclass(frozen=True)
class Repository:
    """`europe-west1-docker.pkg.dev/acme/services/accounts`, taken apart."""

    registry: str
    """As people write it, which is also how credentials are filed: host and port."""
    name: str

    @classmethod
    def parse(cls, text: str) -> Repository:
        """A repository without tag and digest, as the spec's model allows it: `<host>/<path>`."""
        registry, _, name = text.partition("/")
        if registry == DOCKER_HUB and "/" not in name:
            name = f"library/{name}"
        return cls(registry, name)

    @property
    def url(self) -> str:
        """Root of the registry's API. Without TLS on this machine alone, as every container tool has it."""
        host = "registry-1.docker.io" if self.registry == DOCKER_HUB else self.registry
        is_here = host.partition(":")[0] in ("localhost", "127.0.0.1")
        return f"{'http' if is_here else 'https'}://{host}/v2"

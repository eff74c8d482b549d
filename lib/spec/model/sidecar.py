"""`environments[].sidecars[]`: containers that run beside the service's own in each instance."""

from __future__ import annotations

from typing import Annotated, Literal

from .base import Expect, Section, key
from .bucket import ResourceName
from .build import PinnedImage
from .instances import MemoryQuantity, mebibytes
from .secrets import EnvName, EnvValue


class Sidecar(Section):
    """A container beside the service's own: it shares the instance, its identity and its network."""

    name: ResourceName = key("What the container is called, unique in the environment.", examples=("collector",))
    image: PinnedImage = key(
        "The image, by its digest: nobody reviews what a tag points to tomorrow.",
        examples=(f"europe-west1-docker.pkg.dev/acme-artifacts/services/collector@sha256:{'0' * 64}",),
    )
    cpu: Literal[1, 2, 4] = key(
        "CPUs, beside those of the service; 8 together at most.",
        default=1,
        source="https://cloud.google.com/run/docs/configuring/services/cpu",
    )
    memory: MemoryQuantity = key(
        "Memory, beside that of the service; 32Gi together at most.",
        default="512Mi",
        source="https://cloud.google.com/run/docs/configuring/services/memory-limits",
    )
    arguments: tuple[Annotated[str, Expect("text", "put it in quotes")], ...] = key(
        "Arguments of the image's program.",
        default=(),
        default_text="the image's own",
        examples=(["--config=env:OTELCOL_CONFIG"],),
    )
    env: dict[EnvName, EnvValue] = key(
        "Variables of this container alone; it finds none of the service's. Nothing secret belongs here.",
        default={},
        examples=({"LOG_LEVEL": "info"},),
    )
    ready_port: int | None = key(
        "A TCP port of this container; the service starts only once it accepts connections.",
        default=None,
        default_text="none: both start together",
        ge=1,
        le=65535,
        examples=(4318,),
        source="https://cloud.google.com/run/docs/configuring/services/containers#container-ordering",
    )

    @property
    def memory_mebibytes(self) -> int:
        return mebibytes(self.memory)

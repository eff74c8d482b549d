"""`resources.redis`: Memorystore for Valkey, which speaks Redis's protocol."""

from __future__ import annotations

from typing import Literal

from .base import Section, key
from .tiered import Tiered

EvictionPolicy = Literal[
    "noeviction",
    "allkeys-lru",
    "allkeys-lfu",
    "allkeys-random",
    "volatile-lru",
    "volatile-lfu",
    "volatile-random",
    "volatile-ttl",
]


class Redis(Section):
    """A Valkey instance of the service's own: private address only, TLS and IAM sign-in."""

    memory_gb: int = key(
        "Memory; the smallest node that has it is taken (1.4, 6.5, 13 or 58 GB, the first in tier test alone).",
        default=1,
        ge=1,
        le=58,
        unit="GB",
        source="https://cloud.google.com/memorystore/docs/valkey/instance-node-specification",
    )
    high_availability: Tiered[bool] | None = key(
        "Whether a replica in a second zone takes over when the first fails.",
        default=None,
        default_text="by tier",
        source="https://cloud.google.com/memorystore/docs/valkey/high-availability-and-replicas",
    )
    eviction_policy: EvictionPolicy = key(
        "What is thrown away when memory is full; `noeviction` refuses writes instead.",
        default="volatile-lru",
        source="https://cloud.google.com/memorystore/docs/valkey/supported-instance-configurations",
    )

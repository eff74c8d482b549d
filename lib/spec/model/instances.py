"""`environments[].instances`: how big a container is, and how many of them there may be."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .base import Expect, Section, key
from .tiered import Tiered

MAX_MEMORY_GIBIBYTES = 32
"""https://cloud.google.com/run/docs/configuring/services/memory-limits"""


def _quantities(text: str) -> list[str]:
    """`512MB`, `512m`, `1.5Gi`, `2048` → what they were meant to be."""
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]{1,3})?) *([A-Za-z]*)", text)
    if match is None:
        return []
    bare = "Gi" if float(match[1]) <= MAX_MEMORY_GIBIBYTES else "Mi"
    number, unit = match[1], {"g": "Gi", "m": "Mi", "": bare}.get(match[2][:1].lower(), "")
    in_mebibytes = float(number) * (1024 if unit == "Gi" else 1)
    return [f"{number}{unit}", f"{round(in_mebibytes)}Mi"] if unit else []


MemoryQuantity = Annotated[
    str,
    StringConstraints(pattern=r"^[1-9][0-9]{0,5}(Mi|Gi)$"),
    Expect("a whole number followed by Mi or Gi, from 512Mi to 32Gi, such as 512Mi or 2Gi", suggest=_quantities),
]


def mebibytes(quantity: str) -> int:
    """`512Mi` → 512, `2Gi` → 2048."""
    match = re.fullmatch(r"([0-9]+)(Mi|Gi)", quantity)
    if match is None:
        raise ValueError(f"not a memory quantity: {quantity!r}")
    return int(match[1]) * (1024 if match[2] == "Gi" else 1)


class Scaling(Section):
    """How many instances run."""

    min_count: Tiered[Annotated[int, Field(ge=0, le=1000)]] | None = key(
        "Instances kept running without traffic.",
        default=None,
        default_text="by tier",
        unit="instances",
        source="https://cloud.google.com/run/docs/configuring/min-instances",
    )
    max_count: int = key(
        "Instances at most; together with the database's connections it bounds the connection pool.",
        default=5,
        ge=1,
        le=1000,
        unit="instances",
        source="https://cloud.google.com/run/docs/configuring/max-instances",
    )
    max_request_concurrency: int = key(
        "Requests that one instance is given at the same time.",
        default=80,
        ge=1,
        le=1000,
        unit="requests",
        source="https://cloud.google.com/run/docs/about-concurrency",
    )


class Instances(Section):
    """Size and number of the containers."""

    cpu: Literal[1, 2, 4, 6, 8] = key(
        "CPUs of one instance. More than 4Gi of memory needs 2, more than 8Gi 4, more than 16Gi 6, more than 24Gi 8.",
        unit="vCPU",
        source="https://cloud.google.com/run/docs/configuring/services/cpu",
    )
    memory: MemoryQuantity = key(
        "Memory of one instance, from 512Mi to 32Gi. 4 CPUs need at least 2Gi, 6 and 8 CPUs at least 4Gi.",
        unit="Mi or Gi",
        examples=("512Mi", "2Gi"),
        source="https://cloud.google.com/run/docs/configuring/services/memory-limits",
    )
    execution_environment: Literal["gen1", "gen2"] = key(
        "Cloud Run's execution environment: `gen2` is full Linux, `gen1` starts faster. Jobs and workers always have gen2.",
        default="gen2",
        only="service",
        source="https://cloud.google.com/run/docs/about-execution-environments",
    )
    cpu_always_allocated: bool = key(
        "Whether an instance has CPU between requests too: for work in the background, at a higher price.",
        default=False,
        only="service",
        source="https://cloud.google.com/run/docs/configuring/billing-settings",
    )
    request_timeout_seconds: int = key(
        "How long a request may take before Cloud Run ends it.",
        default=300,
        ge=1,
        le=3600,
        only="service",
        unit="seconds",
        source="https://cloud.google.com/run/docs/configuring/request-timeout",
    )
    scaling: Scaling = key("How many instances run.", default=Scaling.model_construct(), only="service")
    count: Tiered[Annotated[int, Field(ge=0, le=1000)]] | None = key(
        "How many instances of a worker run, all the time: nothing but this number changes it. 0 holds the work.",
        default=None,
        default_text="by tier",
        only="worker",
        unit="instances",
        source="https://cloud.google.com/run/docs/configuring/workerpools/manual-scaling",
    )

    @property
    def memory_mebibytes(self) -> int:
        """Memory of one instance in MiB."""
        return mebibytes(self.memory)

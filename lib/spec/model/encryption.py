"""`environments[].encryption`: keys of the environment's own."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .base import Section, key
from .tiered import Tiered


class Encryption(Section):
    """Whose keys encrypt what the environment keeps. Without the block they are Google's, which costs nothing to keep."""

    customer_managed_keys: bool = key(
        "Whether the environment has keys of its own in Cloud KMS, one for each product that it uses. Decide it when the"
        " environment is made: a database or cache that exists can't be given a key, `check` refuses it.",
        immutable=True,
        source="https://cloud.google.com/kms/docs/cmek",
    )
    rotation_days: Tiered[Annotated[int, Field(ge=1, le=730)]] | None = key(
        "After how many days a new version of each key is made, which encrypts from then on. Older ones still decrypt.",
        default=None,
        default_text="by tier",
        unit="days",
        source="https://cloud.google.com/kms/docs/key-rotation",
    )
    destroy_scheduled_days: Tiered[Annotated[int, Field(ge=1, le=120)]] | None = key(
        "How long a version that somebody wants destroyed can still be brought back.",
        default=None,
        default_text="by tier",
        unit="days",
        immutable=True,
        source="https://cloud.google.com/kms/docs/destroy-restore",
    )
    protection_level: Literal["software", "hsm"] = key(
        "Where the keys are: encrypted in Cloud KMS, or in hardware security modules that they never leave, for more money.",
        default="software",
        immutable=True,
        source="https://cloud.google.com/kms/docs/protection-levels",
    )

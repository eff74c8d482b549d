"""What is less safe than the tier's default needs a reason."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ..findings import Finding
from ..model.tiered import MIN_REASON_LENGTH, Reasoned
from ..tiers import TABLE, Knob
from .base import Place


def lowered_value_has_reason(place: Place, knob: Knob) -> Iterator[Finding]:
    """A value below the tier's default says why: one rule for each row of the tier table."""
    tier, declared = place.environment.tier, knob.read(place.environment)
    if declared is None or isinstance(declared, Reasoned) or not knob.lowers(tier, declared):
        return
    default = _yaml(knob.default(tier))
    yield Finding(
        place.keys(*knob.key.split(".")),
        "reason-required",
        f"{default}, the default of tier {tier}, or a reason of at least {MIN_REASON_LENGTH} characters why not",
        f"write `{knob.key.rpartition('.')[2]}: {{value: {_yaml(declared)}, reason: …}}`, or delete the line",
    )


def _yaml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


ENVIRONMENT_RULES = tuple(partial(lowered_value_has_reason, knob=knob) for knob in TABLE if knob.is_declared_in_environments)

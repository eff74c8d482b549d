"""What is less safe than the tier's default needs a reason."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Finding
from ..model.tiered import MIN_REASON_LENGTH, Reasoned
from ..tiers import TABLE, Knob
from .base import Place


def _lowered(place: Place, knob: Knob) -> Iterator[Finding]:
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


def reasons_are_given(place: Place) -> Iterator[Finding]:
    """Every value below the tier's default says why."""
    for knob in TABLE:
        yield from _lowered(place, knob)


def _yaml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


ENVIRONMENT_RULES = (reasons_are_given,)

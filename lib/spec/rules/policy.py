"""Exceptions to what the policy scanner finds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..findings import Finding
from .base import Place, known


def last_day_exists(place: Place) -> Iterator[Finding]:
    """The date is in the calendar."""
    for index, exception in known(place.environment.policy_exceptions):
        try:
            date.fromisoformat(exception.expires)
        except ValueError:
            yield Finding(
                place.keys("policyExceptions", index, "expires"),
                "unknown-date",
                "a day of the calendar, as year, month and day",
                "correct it",
            )


def exception_is_told_once(place: Place) -> Iterator[Finding]:
    """Two exceptions for one finding would have two reasons and two ends."""
    seen: dict[str, str | None] = {}
    for index, exception in known(place.environment.policy_exceptions):
        if exception.check in seen and seen[exception.check] in (None, exception.resource):
            yield Finding(
                place.keys("policyExceptions", index),
                "duplicate-exception",
                "each finding excepted once",
                "delete the one of the two that does not hold",
                f"{exception.check} again",
            )
        seen.setdefault(exception.check, exception.resource)


ENVIRONMENT_RULES = (last_day_exists, exception_is_told_once)

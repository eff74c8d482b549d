"""When a job runs by itself."""

from __future__ import annotations

from collections.abc import Iterator

from ..cron import MAX_GAP, MIN_GAP, InvalidCron, gaps, nearest_timezone, timezones
from ..findings import Finding
from ..workloads import JOB
from .base import Place


def cron_is_reasonable(place: Place) -> Iterator[Finding]:
    """The fields are valid, and runs are neither too close nor too far apart; the deadline fits between two."""
    schedule = place.environment.schedule
    if schedule is None or place.workload is not JOB:
        return
    keys = place.keys("schedule", "cron")
    try:
        least, most = gaps(schedule.cron)
    except InvalidCron as error:
        yield Finding(keys, "invalid-cron", error.expected, error.fix)
        return
    if least < MIN_GAP:
        yield Finding(
            keys,
            "cron-too-often",
            f"at least {MIN_GAP // 60} minutes between two runs",
            "run it less often, or make it a service that works in the background",
            f"{least // 60} minute{'s' if least > 60 else ''} between two runs",
        )
    if most > MAX_GAP:
        yield Finding(
            keys,
            "cron-too-rare",
            f"at most {MAX_GAP // 86400} days between two runs, so that a run that stays away is noticed",
            "run it once a week and let it return when there is nothing to do",
            f"{most // 86400} days between two runs",
        )
    deadline = place.environment.deadline_seconds
    if least >= MIN_GAP and deadline >= least:
        yield Finding(
            place.keys("deadlineSeconds"),
            "deadline-above-interval",
            f"less than {least} seconds, the shortest time between two runs",
            "lower the deadline, or run the job less often",
            f"{deadline} seconds",
        )


def timezone_exists(place: Place) -> Iterator[Finding]:
    """The time zone is one of the IANA database."""
    schedule = place.environment.schedule
    if place.workload is JOB and schedule is not None and schedule.timezone not in timezones():
        nearest = nearest_timezone(schedule.timezone)
        yield Finding(
            place.keys("schedule", "timezone"),
            "unknown-timezone",
            "a name from the IANA time zone database, such as Etc/UTC or Europe/Berlin",
            f"write {nearest}" if nearest else "write Etc/UTC, or <continent>/<city>",
        )


ENVIRONMENT_RULES = (cron_is_reasonable, timezone_exists)

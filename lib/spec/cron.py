"""How far apart a schedule's runs are.

The answer depends on the five fields alone: it is found on a fixed stretch of the calendar, on wall-clock time, so that
the same spec is valid today and in ten years. In time zones with daylight saving two nights of the year differ by an
hour; that is left out of account.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise

from .findings import shortened

MIN_GAP = 15 * 60
"""Seconds: the platform's rule. A job that runs more often is a service."""

MAX_GAP = 8 * 24 * 3600
"""Seconds: the platform's rule. A job that runs more rarely can't be told from one that has stopped."""

_DAY = 24 * 3600

_FIRST = datetime(2023, 12, 31, 23, 59)
_CALENDAR = timedelta(days=5 * 366)
"""A little over five years from 2024, a leap year: every length of month and every date falls in it."""

_WEEKS = timedelta(days=15)
"""Two weeks and the day that ends them: enough where neither day nor month is restricted."""

_VALUE = r"([0-9]{1,2}|[A-Za-z]{3})"
_ITEM = rf"(\*(/[0-9]{{1,2}})?|{_VALUE}(-{_VALUE}(/[0-9]{{1,2}})?)?)"
_FIELD = re.compile(rf"{_ITEM}(,{_ITEM})*")
"""What Cloud Scheduler documents, without the extensions of other crons (L, W, #, ? and a step after a single value):
https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules"""

_RANGES = {
    "minute": "0 to 59",
    "hour": "0 to 23",
    "day of month": "1 to 31",
    "month": "1 to 12 or JAN to DEC",
    "day of week": "0 to 7 or SUN to SAT (0 and 7 are Sunday)",
}
_FIELD_NAMES = tuple(_RANGES)


class InvalidCron(Exception):
    """The text is no schedule. `expected` and `fix` say what would be."""

    def __init__(self, expected: str, fix: str) -> None:
        super().__init__(expected)
        self.expected = expected
        self.fix = fix


def gaps(cron: str) -> tuple[int, int]:
    """Shortest and longest time between two runs, in seconds. InvalidCron where the text is no schedule.

    The longest is exact up to MAX_GAP: once one above it is found no longer one is looked for.
    """
    minute, hour, day, month, weekday = _fields(cron)
    times = _times(minute, hour)
    days = _days(day, month, weekday, cron)
    within = [later - earlier for earlier, later in pairwise(times)]
    overnight = times[0] + _DAY - times[-1]
    across = [overnight + (length - 1) * _DAY for length in days]
    return min(within + across), max(within + across)


def _fields(cron: str) -> list[str]:
    fields = cron.split()
    if len(fields) != 5:
        raise InvalidCron(
            "five fields: minute, hour, day of month, month, day of week",
            "write for example `15 3 * * *`, every day at 03:15",
        )
    for name, field in zip(_FIELD_NAMES, fields):
        if not _FIELD.fullmatch(field) or not _is_valid(name, field):
            raise InvalidCron(
                f"a valid {name} instead of `{shortened(field, 30)}`",
                f"use {_RANGES[name]}, `*`, lists (1,2), ranges (1-5) and steps (*/2, 1-5/2)",
            )
    return fields


def _is_valid(name: str, field: str) -> bool:
    from cronsim import CronSim, CronSimError

    fields = ["0", "0", "*", "*", "*"]
    fields[_FIELD_NAMES.index(name)] = field
    try:
        CronSim(" ".join(fields), _FIRST)
    except (CronSimError, ValueError):
        # An impossible date such as day 31 of no month in particular is found with the whole calendar.
        return False
    return True


def _times(minute: str, hour: str) -> list[int]:
    """The seconds of the day at which the schedule fires."""
    from cronsim import CronSim

    schedule = CronSim(f"{minute} {hour} * * *", _FIRST)
    return sorted(at * 3600 + past * 60 for at in schedule.hours for past in schedule.minutes)


def _days(day: str, month: str, weekday: str, cron: str) -> list[int]:
    """The distances in days between the dates on which the schedule fires, until one is too long to go on."""
    from cronsim import CronSim, CronSimError

    never = InvalidCron(
        "a schedule that fires some day", f"check day and month: `{shortened(cron)}` names no date that exists"
    )
    try:
        dates = CronSim(f"0 0 {day} {month} {weekday}", _FIRST)
        last = next(dates)
    except (CronSimError, StopIteration):
        raise never from None
    stretch = _WEEKS if (day, month) == ("*", "*") else _CALENDAR
    lengths: set[int] = set()
    for moment in dates:
        lengths.add((moment - last).days)
        if (moment - last).days * _DAY > MAX_GAP or moment - _FIRST > stretch:
            break
        last = moment
    return sorted(lengths)


@cache
def timezones() -> frozenset[str]:
    """The names of the IANA database, from the package tzdata: the same on every machine."""
    from importlib.resources import files

    return frozenset((files("tzdata") / "zones").read_text(encoding="utf-8").split())


def nearest_timezone(name: str) -> str | None:
    """The time zone most like this name, by the whole name or by the city; None where none is like it."""
    from difflib import get_close_matches

    by_name = {zone.lower(): zone for zone in sorted(timezones()) if "/" in zone}
    by_city = {zone.rpartition("/")[2].lower(): zone for zone in sorted(timezones(), reverse=True) if "/" in zone}
    wanted = name.lower().replace(" ", "_")
    for table in (by_name, by_city):
        match = get_close_matches(wanted, table, n=1, cutoff=0.8)
        if match:
            return table[match[0]]
    return None

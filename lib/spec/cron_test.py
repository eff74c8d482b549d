"""Gaps between runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from spec.cron import MAX_GAP, MIN_GAP, InvalidCron, gaps, nearest_timezone, timezones

MINUTE, HOUR, DAY = 60, 3600, 86400


@pytest.mark.parametrize(
    ("cron", "least", "most"),
    [
        ("15 3 * * *", DAY, DAY),
        ("*/15 * * * *", 15 * MINUTE, 15 * MINUTE),
        ("*/20 * * * *", 20 * MINUTE, 20 * MINUTE),
        ("0 */6 * * *", 6 * HOUR, 6 * HOUR),
        ("0,30 9-17 * * MON-FRI", 30 * MINUTE, 2 * DAY + 15 * HOUR + 30 * MINUTE),
        ("0 22 * * 1-5", DAY, 3 * DAY),
        ("0 0 * * 0", 7 * DAY, 7 * DAY),
        ("0 0 * * 7", 7 * DAY, 7 * DAY),
        ("0 0 1,8,15,22,29 * *", DAY, 7 * DAY),
        ("0 0 * * sun,Wed", 3 * DAY, 4 * DAY),
        ("30 23,0 * * *", HOUR, 23 * HOUR),
        ("0 0 1-30 * *", DAY, 2 * DAY),
        ("0 4 */2 * *", DAY, 2 * DAY),
    ],
)
def test_gaps(cron: str, least: int, most: int) -> None:
    assert gaps(cron) == (least, most)


@pytest.mark.parametrize(
    ("cron", "too_often"),
    [
        ("*/14 * * * *", True),
        ("59,0 * * * *", True),
        ("0,59 0,23 * * *", True),
        ("0,10 0 * * *", True),
        ("0,59 0,23 * * MON", False),
        ("0 0,1 * * *", False),
    ],
)
def test_a_gap_over_midnight_or_the_hour_counts(cron: str, too_often: bool) -> None:
    assert (gaps(cron)[0] < MIN_GAP) == too_often


@pytest.mark.parametrize("cron", ["0 0 1 * *", "0 0 29 2 *", "0 0 1 1 *", "0 0 * 6 *", "0 0 */9 * *"])
def test_too_rare(cron: str) -> None:
    assert gaps(cron)[1] > MAX_GAP


@pytest.mark.parametrize(
    "cron",
    [
        "",
        "* * * *",
        "* * * * * *",
        "@daily",
        "60 * * * *",
        "* 24 * * *",
        "0 0 0 * *",
        "0 0 32 * *",
        "0 0 * 13 *",
        "0 0 * * 8",
        "0 0 L * *",
        "0 0 * * 1L",
        "0 0 * * 1#2",
        "0 0 15W * *",
        "0 0 ? * *",
        "5/15 * * * *",
        "*/0 * * * *",
        "5-2 * * * *",
        "0 0 * FOO *",
        "0 0 30 2 *",
        "0 0 31 4,6,9,11 *",
        "0 0 31 2 *",
        "-1 * * * *",
        "1.5 * * * *",
        "१ * * * *",
        "0 0 * * \u00b2",
    ],
)
def test_invalid(cron: str) -> None:
    with pytest.raises(InvalidCron) as caught:
        gaps(cron)
    assert caught.value.expected
    assert caught.value.fix


FIELDS = st.tuples(
    st.sampled_from(["0", "30", "*/15", "*/30", "0,45", "7-37/15"]),
    st.sampled_from(["*", "0", "3", "*/6", "9-17", "0,23", "*/5"]),
    st.sampled_from(["*", "1", "*/2", "1-7", "1,8,15,22", "28-31"]),
    st.sampled_from(["*", "*/2", "1-11"]),
    st.sampled_from(["*", "1", "MON-FRI", "0,3", "6-7"]),
)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(FIELDS)
def test_against_plain_enumeration(fields: tuple[str, ...]) -> None:
    """The same as going through every run of two years (a leap year first), as far as the answer is promised."""
    cron = " ".join(fields)
    start = datetime(2023, 12, 31, 23, 59)
    runs = []
    for run in CronSim(cron, start):
        runs.append(run)
        if run - start > timedelta(days=740):
            break
    seconds = [int((later - earlier).total_seconds()) for earlier, later in pairwise(runs)]
    least, most = gaps(cron)
    if max(seconds) > MAX_GAP:
        assert most > MAX_GAP
    else:
        assert (least, most) == (min(seconds), max(seconds))


def test_timezones() -> None:
    assert {"Etc/UTC", "UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"} <= timezones()
    assert "Mars/Olympus" not in timezones()
    assert nearest_timezone("europe/berlin") == "Europe/Berlin"
    assert nearest_timezone("Berlin") == "Europe/Berlin"
    assert nearest_timezone("New York") == "America/New_York"
    assert nearest_timezone("CEST") is None

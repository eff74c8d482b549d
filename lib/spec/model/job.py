"""`schedule`: when a job runs by itself."""

from __future__ import annotations

from typing import Annotated

from .base import Expect, Section, key

Cron = Annotated[str, Expect("five fields: minute, hour, day of month, month, day of week, such as 15 3 * * *")]

Timezone = Annotated[str, Expect("a name from the IANA time zone database, such as Etc/UTC or Europe/Berlin")]


class Schedule(Section):
    """When the job runs by itself; without it the job runs only on demand."""

    cron: Cron = key(
        "Minute, hour, day of month, month, day of week. Two runs are at least 15 minutes and at most 8 days apart.",
        examples=("15 3 * * *",),
        source="https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules",
    )
    timezone: Timezone = key(
        "Time zone of the fields above.",
        default="Etc/UTC",
        examples=("Europe/Berlin",),
        source="https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules#time_zone",
    )

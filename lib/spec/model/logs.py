"""`logs`: for how long is known what happened, and who did it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .base import Section, key
from .tiered import Tiered

_RETENTION = "https://cloud.google.com/logging/docs/buckets#custom-retention"

Days = Annotated[int, Field(ge=1, le=3650)]


class Logs(Section):
    """For how long Cloud Logging keeps what the environment writes.

    Who read or changed data, of databases and by Google's APIs, goes into a bucket of its own (docs/adr/0014). What
    changed in the project itself is always kept for 400 days, by Google.
    """

    retention_days: Tiered[Days] | None = key(
        "For how many days the service's own logs are kept.",
        default=None,
        default_text="by tier",
        unit="days",
        source=_RETENTION,
    )
    audit_retention_days: Tiered[Days] | None = key(
        "For how many days the record of who read or changed data is kept. It can't be changed once the record is locked.",
        default=None,
        default_text="by tier",
        unit="days",
        source=_RETENTION,
    )
    audit_locked: Tiered[bool] | None = key(
        "Whether that record is locked: nobody can shorten or delete it, and locking can't be undone. The project can be"
        " deleted only when the last entry has reached its age.",
        default=None,
        default_text="by tier",
        source="https://cloud.google.com/logging/docs/buckets#locking-logs-buckets",
    )

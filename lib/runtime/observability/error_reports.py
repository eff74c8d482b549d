"""Errors to Sentry, where there is a DSN; and check-ins of scheduled jobs."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable
from typing import Any, Literal

from ..contract import JobContract, Secret
from ..identity import Identity

CheckIn = Callable[[Literal["in_progress", "ok", "error"], float | None], None]
"""Says how a job stands; with its duration in seconds once it has ended."""


def configure_error_reports(identity: Identity, dsn: Secret | None) -> Callable[[float], object] | None:
    """Report what is logged as an error, with nothing of a person in it. Returns how to flush; None without a DSN."""
    if dsn is None:
        return None
    import sentry_sdk
    from sentry_sdk.integrations.atexit import AtexitIntegration
    from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn=dsn.reveal(),
        release=identity.release,
        environment=identity.environment,
        server_name=identity.revision or identity.execution or "local",
        send_default_pii=False,
        # A local variable may hold a password; a request's body anything.
        include_local_variables=False,
        max_request_body_size="never",
        default_integrations=False,
        integrations=[LoggingIntegration(event_level=40), AtexitIntegration(callback=lambda pending, timeout: None)],
        shutdown_timeout=0,
    )
    sentry_sdk.set_tag("service", identity.name)
    return lambda seconds: sentry_sdk.flush(timeout=seconds)


def check_in(identity: Identity, job: JobContract, dsn: Secret | None) -> CheckIn | None:
    """A monitor of the job's schedule, made or updated by its own check-ins. None without a DSN or a schedule.

    https://docs.sentry.io/platforms/python/crons/
    """
    if dsn is None or job.schedule is None:
        return None
    from sentry_sdk.crons import capture_checkin

    id = uuid.uuid4().hex
    monitor = _monitor(job)

    def say(status: Literal["in_progress", "ok", "error"], seconds: float | None) -> None:
        capture_checkin(
            monitor_slug=f"{identity.name}-{identity.environment}",
            check_in_id=id,
            status=status,
            duration=seconds,
            monitor_config=monitor,
        )

    return say


def _monitor(job: JobContract) -> Any:
    assert job.schedule is not None
    longest = math.ceil((job.deadline_seconds or 3600) / 60)
    return {
        "schedule": {"type": "crontab", "value": job.schedule.cron},
        "timezone": job.schedule.timezone,
        "max_runtime": longest,
        "checkin_margin": math.ceil(longest / 2),
    }

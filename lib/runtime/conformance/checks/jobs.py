"""A job: it runs to its end, knows its deadline, and stops when it is told to."""

from __future__ import annotations

import signal

from ..bench import Bench
from ..outcome import Check, NotApplicable, expect
from .configuration import RUN_SECONDS
from .stopping import GRACE

DEADLINE = 3
"""Seconds: what Cloud Run would give it, for the check of the deadline."""


def runs(bench: Bench) -> None:
    instance = bench.start()
    code = instance.exit_code(RUN_SECONDS)
    expect(code == 0, "it does not end with 0", f"exit code {code}: {instance.tail}")


def deadline(bench: Bench) -> None:
    instance = bench.start(changes={"JOB_DEADLINE_SECONDS": str(DEADLINE)})
    code = instance.exit_code(DEADLINE + GRACE)
    expect(code is not None, "it runs on after its deadline", instance.tail)
    if code == 0:
        raise NotApplicable("it ends before a deadline of a few seconds")
    expect(code == 1, "its deadline ends it otherwise than with 1", f"exit code {code}: {instance.tail}")


def told_to_stop(bench: Bench) -> None:
    instance = bench.start()
    instance.until(lambda: bool(instance.lines) or not instance.runs, RUN_SECONDS, "it says nothing when it starts")
    instance.send(signal.SIGTERM)
    code = instance.exit_code(GRACE + 1)
    expect(code is not None, "it does not stop on SIGTERM", instance.tail)
    allowed = (0, 128 + signal.SIGTERM, -signal.SIGTERM)
    expect(code in allowed, "SIGTERM ends it otherwise than cut off", f"exit code {code}: {instance.tail}")


CHECKS = (
    Check("job-runs", "It runs to its end with the environment that the platform gives it, and ends with 0.", runs, ("job",)),
    Check("job-deadline", "When `JOB_DEADLINE_SECONDS` are over it has ended, with 1.", deadline, ("job",)),
    Check("job-signal", "SIGTERM ends it within the grace.", told_to_stop, ("job",)),
)  # fmt: skip

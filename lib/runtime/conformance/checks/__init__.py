"""Every check, in the order in which they are tried: what looks at all that was written comes last."""

from __future__ import annotations

from ..outcome import Check
from . import configuration, evidence, faults, jobs, migrations, pages, pool, stopping, traces, workers

CHECKS: tuple[Check, ...] = (
    *configuration.CHECKS,
    *pages.CHECKS,
    *traces.CHECKS,
    *stopping.CHECKS,
    *jobs.CHECKS,
    *workers.CHECKS,
    *pool.CHECKS,
    *faults.CHECKS,
    *migrations.CHECKS,
    *evidence.CHECKS,
)

"""Alerts on a job's runs: those that fail, and those that stay away."""

from __future__ import annotations

from ..cron import gaps
from ..workloads import JOB
from .base import Alert, LogMetric, Subject, Threshold
from .container import RUN_METRICS

FAILED_STARTS = LogMetric(
    "schedule_failed",
    'resource.type="cloud_scheduler_job" AND resource.labels.job_id="$run" AND severity>=ERROR',
)
"""The scheduler's failures to start the job."""

SLACK_MINUTES = 15
"""How much later than its schedule a run may end before it counts as missing, besides its own deadline."""

LONGEST_ABSENCE_MINUTES = 10 * 24 * 60
"""Longest window that a spec may ask for: the platform's longest gap between runs is 8 days."""


def _is_job(subject: Subject) -> bool:
    return subject.workload is JOB


def _is_scheduled(subject: Subject) -> bool:
    return subject.workload is JOB and subject.environment.schedule is not None


def absence_minutes(subject: Subject) -> int:
    """The longest time between two scheduled runs, one run with its retries, and some slack; in whole minutes.

    Follows from the schedule alone, never from the day on which it is computed.
    """
    environment = subject.environment
    assert environment.schedule is not None
    _, longest = gaps(environment.schedule.cron)
    run = environment.deadline_seconds * (environment.max_retries + 1)
    return -(-(longest + run) // 60) + SLACK_MINUTES


_RUNS = (
    "gcloud run jobs executions list --job=$run --project=$project --region=$region --limit=10",
    'gcloud logging read "$log_filter AND severity>=ERROR" --project=$project --freshness=1d --limit=50',
)

FAILED = Alert(
    id="job-failed",
    title="A run has failed",
    group="job",
    severity="warn",
    chart="sum by (result) (increase(run_googleapis_com:job_completed_execution_count{$job}[10m]))",
    query='sum(increase(run_googleapis_com:job_completed_execution_count{$job,result="failed"}[10m])) > $threshold',
    seconds=0,
    threshold=Threshold("failed runs in 10 minutes", 0, least=0, most=100),
    source=RUN_METRICS,
    meaning="A run ended with an error, after all of its retries. What it should have done is not done, or half done.",
    first="Read what the run wrote last, then decide: is it safe to run it again?",
    causes=(
        "the run exceeded deadlineSeconds",
        "the container was ended for want of memory (container-memory)",
        "something that the job needs was not there",
    ),
    commands=_RUNS,
    applies=_is_job,
)

ABSENT = Alert(
    id="job-absent",
    title="No run has succeeded for too long",
    group="job",
    severity="warn",
    query='absent_over_time(run_googleapis_com:job_completed_execution_count{$job,result="succeeded"}[${threshold}m])',
    seconds=0,
    threshold=Threshold(
        "minutes without success",
        absence_minutes,
        least=15,
        most=LONGEST_ABSENCE_MINUTES,
        default_text=f"the schedule's longest gap, the deadline for every attempt, and {SLACK_MINUTES} minutes",
        when="for",
    ),
    source="https://cloud.google.com/monitoring/alerts/using-promql",
    meaning="By its schedule the job should have succeeded at least once in this time, and it has not. After the first"
    " deployment this is so until the first success: run it once by hand.",
    first="Has it failed, or was it never started? The list of its runs tells.",
    causes=(
        "every run fails (job-failed)",
        "the schedule is held, or can't start the job (schedule-failed)",
        "a run hangs until its deadline, again and again",
    ),
    commands=(*_RUNS, "gcloud scheduler jobs describe $run --project=$project --location=$region"),
    applies=_is_scheduled,
)

SCHEDULE_FAILED = Alert(
    id="schedule-failed",
    title="The schedule could not start the job",
    group="job",
    severity="warn",
    counts=FAILED_STARTS,
    query=f"sum(increase(logging_googleapis_com:user_{FAILED_STARTS.name}"
    '{monitored_resource="cloud_scheduler_job"}[15m])) > $threshold',
    seconds=0,
    threshold=Threshold("failures in 15 minutes", 0, least=0, most=100),
    source="https://cloud.google.com/scheduler/docs/logging",
    meaning="Cloud Scheduler asked Cloud Run to start the job and was refused, or got no answer.",
    first="Read the scheduler's log: the status says whether it was refused or unheard.",
    causes=(
        "the scheduler's identity has lost its permission to start the job",
        "the job does not exist under its name, or another apply is under way",
        "Cloud Run's API was not available: the next start will tell",
    ),
    commands=(
        'gcloud logging read "resource.type=\\"cloud_scheduler_job\\" AND severity>=ERROR" --project=$project --freshness=2d'
        " --limit=10",
        "gcloud scheduler jobs describe $run --project=$project --location=$region",
    ),
    applies=_is_scheduled,
)

ALERTS = (FAILED, ABSENT, SCHEDULE_FAILED)

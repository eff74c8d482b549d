"""Alerts on the container, of every kind of workload alike."""

from __future__ import annotations

from .base import Alert, Subject, Threshold

RUN_METRICS = "https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-run"

UNPROBED_STARTUP_SECONDS = 240
"""Without a probe Cloud Run waits this long for the port: https://cloud.google.com/run/docs/configuring/healthchecks"""


def _startup_seconds(subject: Subject) -> int:
    """Four fifths of the time that an instance is given: late enough to be unusual, early enough to act."""
    if subject.workload.may_take_seconds is not None:
        return subject.workload.may_take_seconds
    probes = subject.environment.probes
    return max(1, (probes.startup_seconds if probes.enabled else UNPROBED_STARTUP_SECONDS) * 4 // 5)


def _always(subject: Subject) -> bool:
    return True


_LOGS = 'gcloud logging read "$log_filter AND severity>=WARNING" --project=$project --freshness=1h --limit=50'

_CPU = (
    "histogram_quantile(0.99, sum by (le$and_region)"
    " (rate(run_googleapis_com:container_cpu_utilizations_bucket{$run_any}[5m])))"
)

CPU = Alert(
    id="container-cpu",
    title="CPU nearly used up",
    group="container",
    severity="warn",
    chart=f"{_CPU} * 100",
    query=f"{_CPU} * 100 > $threshold",
    seconds=600,
    threshold=Threshold("percent", 90, least=10, most=100),
    source=RUN_METRICS,
    meaning="The busiest containers use almost all the CPU they are given. Work takes longer than it has to.",
    first="Compare with the last rollout and with the amount of work: more to do, or more work for the same?",
    causes=(
        "a new version computes more than the last one",
        "more work arrives than the instances were sized for",
        "a loop that does not end, or retries without a pause",
    ),
    commands=(_LOGS,),
    applies=_always,
)

MEMORY = Alert(
    id="container-memory",
    title="Memory nearly used up",
    group="container",
    severity="warn",
    chart="histogram_quantile(0.99, sum by (le$and_region)"
    " (rate(run_googleapis_com:container_memory_utilizations_bucket{$run_any}[5m]))) * 100",
    query="histogram_quantile(0.99, sum by (le$and_region)"
    " (rate(run_googleapis_com:container_memory_utilizations_bucket{$run_any}[5m]))) * 100 > $threshold",
    seconds=300,
    threshold=Threshold("percent", 80, least=10, most=100),
    source=RUN_METRICS,
    meaning="The fullest containers are close to their memory limit. Cloud Run ends a container that exceeds it, and what it"
    " was doing is lost.",
    first="Does it grow steadily since the last start (a leak), or jump with what is processed?",
    causes=(
        "a leak: memory grows as long as an instance lives",
        "something large is read as a whole instead of in pieces",
        "too much is done at the same time in one instance",
    ),
    commands=(_LOGS,),
    applies=_always,
)

STARTUP = Alert(
    id="startup-latency",
    title="Containers start slowly",
    group="container",
    severity="warn",
    chart="histogram_quantile(0.99, sum by (le$and_region)"
    " (rate(run_googleapis_com:container_startup_latencies_bucket{$run_any}[10m]))) / 1000",
    query="histogram_quantile(0.99, sum by (le$and_region)"
    " (rate(run_googleapis_com:container_startup_latencies_bucket{$run_any}[10m]))) / 1000 > $threshold",
    seconds=0,
    threshold=Threshold(
        "seconds",
        _startup_seconds,
        least=1,
        most=240,
        default_text="four fifths of what `healthProbes` allow (192 without probes); 10 for a job or a worker",
    ),
    source=RUN_METRICS,
    meaning="New containers take long until they are ready. One that takes longer than it is allowed is ended, and then nothing"
    " new can start.",
    first="Look at what a container does before it is ready: its first log lines tell.",
    causes=(
        "a larger image, or more code that is loaded at the start",
        "something the start waits for answers slowly",
        "too little CPU for the start",
    ),
    commands=(_LOGS,),
    applies=_always,
)

ALERTS = (CPU, MEMORY, STARTUP)

"""Alerts on a worker's instances: nobody calls a worker, so nobody notices by an answer that it is gone."""

from __future__ import annotations

from ..workloads import WORKER
from .base import Alert, Subject, Threshold
from .container import RUN_METRICS


def wanted(subject: Subject) -> int:
    """How many instances shall run; 0 where the work is held."""
    # Imported late: the model, which tiers read, takes the alerts' ids from here.
    from ..tiers import resolve

    return resolve(subject.environment).worker_instances


def _runs(subject: Subject) -> bool:
    return subject.workload is WORKER and wanted(subject) > 0


def _runs_several(subject: Subject) -> bool:
    return subject.workload is WORKER and wanted(subject) > 1


def _usual_starts(subject: Subject) -> int:
    """A deployment starts every instance anew; twice that within the window is no deployment any more."""
    return max(3, 2 * wanted(subject))


_LOOK = (
    'gcloud logging read "$log_filter AND severity>=WARNING" --project=$project --freshness=1h --limit=50',
    "gcloud beta run worker-pools describe $run --project=$project --region=$region",
    "gcloud beta run worker-pools revisions list --worker-pool=$run --project=$project --region=$region --limit=5",
)

DOWN = Alert(
    id="worker-down",
    title="No instance is running",
    group="worker",
    severity="page",
    query="(sum(max_over_time(run_googleapis_com:container_instance_count{$worker}[5m])) < 1)"
    " or absent_over_time(run_googleapis_com:container_instance_count{$worker}[15m])",
    seconds=120,
    source=RUN_METRICS,
    meaning="Nothing works off what waits: no instance runs, or Cloud Run has said nothing about one for a quarter of an"
    " hour. Before the first deployment this is so, too.",
    first="Did a rollout precede it? Then go back first and look for the reason after.",
    causes=(
        "a new version ends as soon as it has started (worker-restarts)",
        "a secret has no version, or the image is gone: the pool's conditions tell",
        "somebody set the number of instances to 0 by hand: apply stack `run`",
    ),
    commands=_LOOK,
    applies=_runs,
)

FEWER = Alert(
    id="worker-instances",
    title="Fewer instances than wanted",
    group="worker",
    severity="warn",
    chart="sum(max_over_time(run_googleapis_com:container_instance_count{$worker}[5m]))",
    query="sum(max_over_time(run_googleapis_com:container_instance_count{$worker}[5m])) < $threshold",
    seconds=900,
    threshold=Threshold("instances", wanted, least=1, most=1000, default_text="`instances.count`", when="below"),
    source=RUN_METRICS,
    meaning="Some of the instances that the spec asks for do not run. The others go on; what waits grows if they were needed.",
    first="Do instances end and start again (worker-restarts), or do they not start at all?",
    causes=(
        "instances end for want of memory (container-memory), or because the program does",
        "the region has no room for more just now",
        "somebody changed the number of instances by hand: apply stack `run`",
    ),
    commands=_LOOK,
    applies=_runs_several,
)

RESTARTS = Alert(
    id="worker-restarts",
    title="Instances start again and again",
    group="worker",
    severity="warn",
    chart="sum(increase(run_googleapis_com:container_startup_latencies_count{$worker}[15m]))",
    query="sum(increase(run_googleapis_com:container_startup_latencies_count{$worker}[15m])) > $threshold",
    seconds=0,
    threshold=Threshold(
        "starts in 15 minutes", _usual_starts, least=1, most=10_000, default_text="twice `instances.count`, and at least 3"
    ),
    source=RUN_METRICS,
    meaning="A worker's program ends only when it is told to; each time it ends by itself Cloud Run starts it anew. What it"
    " was doing is done again, by whoever gets it next.",
    first="Read what it wrote last before it ended.",
    causes=(
        "an error that nobody catches: often one message that can't be worked off, delivered again and again",
        "it is ended for want of memory (container-memory)",
        "something that it needs at its start is not there",
    ),
    commands=_LOOK,
    applies=_runs,
)

ALERTS = (DOWN, FEWER, RESTARTS)

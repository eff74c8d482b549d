"""The kinds of workload, and how they differ: one table. Whoever would ask "is it a job?" asks for a property instead.

How a kind becomes Terraform and a release's manifest is in `generator.workloads`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .model.environment import Environment

Kind = Literal["service", "job", "worker"]


@dataclass(frozen=True)
class Workload:
    """One kind of workload.

    resource           what Google calls it
    meaning            what it does, in a line
    monitored, label   its type among Cloud Monitoring's and Cloud Logging's resources, and the label that has its name
    gcloud, revisions  words of `gcloud` about the workload, and about its revisions with the option that names the workload
                       there; a job has no revisions: each run uses what is deployed then
    answers            whether it takes requests
    invoked            whether somebody or something calls or starts it
    stays              whether it keeps running, as instances of a revision
    may_take_seconds   for which an instance may start before that is unusual; None where its probes say so
    most_instances     how many of its containers run at the same time at most
    bounded_by         the key below `environments[]` that says so; empty where nothing does
    """

    kind: Kind
    resource: str
    meaning: str
    monitored: str
    label: str
    gcloud: tuple[str, ...]
    answers: bool
    invoked: bool
    stays: bool
    most_instances: Callable[[Environment], int]
    bounded_by: tuple[str, ...] = ()
    revisions: tuple[str, ...] = ()
    revisions_of: str = ""
    may_take_seconds: int | None = None


def _scaled(environment: Environment) -> int:
    return environment.instances.scaling.max_count


def _one(environment: Environment) -> int:
    return 1


def _counted(environment: Environment) -> int:
    # Imported late: the tiers read the model, and the model has its kinds from here.
    from .tiers import resolve

    return max(1, resolve(environment).worker_instances)


SERVICE = Workload(
    kind="service",
    resource="Cloud Run service",
    meaning="answers requests as long as it runs",
    monitored="cloud_run_revision",
    label="service_name",
    gcloud=("run", "services"),
    answers=True,
    invoked=True,
    stays=True,
    most_instances=_scaled,
    bounded_by=("instances", "scaling", "maxCount"),
    revisions=("run", "revisions"),
    revisions_of="service",
)

JOB = Workload(
    kind="job",
    resource="Cloud Run job",
    meaning="runs to its end, on its schedule or on demand",
    monitored="cloud_run_job",
    label="job_name",
    gcloud=("run", "jobs"),
    answers=False,
    invoked=True,
    stays=False,
    most_instances=_one,
    may_take_seconds=10,
)

WORKER = Workload(
    kind="worker",
    resource="Cloud Run worker pool",
    meaning="fetches its work itself, as long as it runs",
    monitored="cloud_run_worker_pool",
    label="worker_pool_name",
    # Without `beta` only a gcloud of 2026 knows them.
    gcloud=("beta", "run", "worker-pools"),
    answers=False,
    invoked=False,
    stays=True,
    most_instances=_counted,
    bounded_by=("instances", "count"),
    revisions=("beta", "run", "worker-pools", "revisions"),
    revisions_of="worker-pool",
    may_take_seconds=10,
)

WORKLOADS: dict[Kind, Workload] = {workload.kind: workload for workload in (SERVICE, JOB, WORKER)}

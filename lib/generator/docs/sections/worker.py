"""How many instances a worker has, how its work is held, and how an instance is told to end."""

from __future__ import annotations

from generator.docs import links
from generator.docs.inline import code, fmt, link
from generator.docs.markdown import Block, Blocks, heading, paragraph, shell
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.sections import rollout
from generator.docs.shell import gcloud, quote
from spec.workloads import WORKER

TITLE = "Instances of the worker"


def title(environment: EnvironmentGuide) -> str:
    return f"{TITLE} in {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    if guide.workload is not WORKER:
        return []
    found: list[Block] = [
        heading(2, TITLE),
        paragraph(
            fmt(
                "Nothing calls a worker, and nothing scales it: as many instances run as {} says. An instance that shall end"
                " is sent {} and has ten seconds to give back what it is at; one that ends by itself is started anew.",
                code("instances.count"),
                code("SIGTERM"),
            )
        ),
    ]
    for environment in guide.environments:
        found += _environment(environment)
    return found


def _environment(environment: EnvironmentGuide) -> Blocks:
    where = {"project": environment.project_id, "region": environment.region}
    name, number = environment.run_name, environment.context.safety.worker_instances
    return [
        heading(3, title(environment), environment.id),
        paragraph(
            fmt(
                "{} by the spec ({}). What runs, and of which revision:",
                {0: "None: the work is held", 1: "One"}.get(number, f"{number} instances"),
                link("in the console", links.run_worker_pools(environment.project_id)),
            )
        ),
        shell(
            gcloud(*WORKER.gcloud, "describe", name, **where),
            rollout.revisions(environment, 5),
        ),
        paragraph(
            fmt(
                "At once another number, such as none while something is mended, and back ({}). The next apply of stack {}{}"
                " brings the spec's number back; for good, change it there.",
                rollout.as_whom(environment),
                code(rollout.RUN),
                ", or the next release," if environment.context.rollout is not None else "",
            )
        ),
        shell(_set(environment, 0), _set(environment, number or 1)),
    ]


def _set(environment: EnvironmentGuide, number: int) -> str:
    """By the API, because the option of gcloud for it has changed its name: https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.workerPools/patch"""
    address = (
        f"https://run.googleapis.com/v2/projects/{environment.project_id}/locations/{environment.region}"
        f"/workerPools/{environment.run_name}?updateMask=scaling.manualInstanceCount"
    )
    body = f'{{"scaling": {{"manualInstanceCount": {number}}}}}'
    return " \\\n  ".join(
        [
            "curl -fsS -X PATCH",
            '-H "Authorization: Bearer $(gcloud auth print-access-token)"',
            "-H 'Content-Type: application/json'",
            f"-d {quote(body)}",
            quote(address),
        ]
    )

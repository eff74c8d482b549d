"""Running a job by hand, looking at its runs, and its schedule."""

from __future__ import annotations

from generator.docs import links
from generator.docs.inline import Inline, code, fmt, link
from generator.docs.markdown import Block, Blocks, anchor, heading, paragraph, shell
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.sections import access, applying
from generator.docs.shell import gcloud
from spec.workloads import JOB

TITLE = "Run the job"


def title(environment: EnvironmentGuide) -> str:
    return f"{TITLE} in {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    if guide.workload is not JOB:
        return []
    found: list[Block] = [heading(2, TITLE)]
    for environment in guide.environments:
        found += _environment(environment)
    return found


def _environment(environment: EnvironmentGuide) -> Blocks:
    where = {"project": environment.project_id, "region": environment.region}
    page = link(
        "its runs in the console", links.run_job(environment.project_id, environment.region, environment.run_name)
    )
    return [
        heading(3, title(environment), environment.id),
        paragraph(fmt("{}; {}.", _when(environment), page), _who(environment)),
        paragraph(fmt("Run it now and wait for its end:")),
        shell(gcloud("run", "jobs", "execute", environment.run_name, **where, wait=True)),
        paragraph(fmt("Its last runs; what became of one; stop one that still runs:")),
        shell(
            gcloud("run", "jobs", "executions", "list", job=environment.run_name, **where, limit=10),
            gcloud("run", "jobs", "executions", "describe", "EXECUTION", **where),
            gcloud("run", "jobs", "executions", "cancel", "EXECUTION", **where),
        ),
        *_schedule(environment),
    ]


def _when(environment: EnvironmentGuide) -> Inline:
    schedule = environment.context.environment.schedule
    if schedule is None:
        return fmt("It has no schedule and runs when somebody starts it")
    return fmt("It runs by itself at {} ({})", code(schedule.cron), schedule.timezone)


def _who(environment: EnvironmentGuide) -> Inline:
    if access.may_at_all_times(environment, access.RUN_DEVELOPER):
        return fmt("Owners may start and stop it.")
    return fmt(
        "Owners may look at its runs; to start or stop it, {}.",
        link("take on the platform's identity", anchor(applying.TITLE)),
    )


def _schedule(environment: EnvironmentGuide) -> Blocks:
    if environment.context.environment.schedule is None:
        return []
    where = {"project": environment.project_id, "location": environment.region}
    name = environment.run_name
    return [
        paragraph("Its schedule: when it started last and starts next."),
        shell(gcloud("scheduler", "jobs", "describe", name, **where)),
        paragraph("Hold the schedule:"),
        shell(gcloud("scheduler", "jobs", "pause", name, **where)),
        paragraph(
            fmt(
                "Let it go on. Nothing in the spec says that it is held, so whoever holds it lets it go on; for good,"
                " change {} in the spec.",
                code("schedule"),
            )
        ),
        shell(gcloud("scheduler", "jobs", "resume", name, **where)),
    ]

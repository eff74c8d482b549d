"""Where to look when something is wrong: logs in the console and in the terminal, errors, traces."""

from __future__ import annotations

from generator.docs import links, log_filters
from generator.docs.inline import Inline, fmt, join, link
from generator.docs.markdown import Block, Blocks, anchor, heading, paragraph, shell
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.sections import access, job, rollout
from generator.docs.shell import gcloud

LINE = "value(timestamp,severity,textPayload,jsonPayload.message)"
REQUEST_LINE = (
    "value(timestamp,httpRequest.status,httpRequest.latency,httpRequest.requestMethod,httpRequest.requestUrl)"
)
CHANGE_LINE = (
    "value(timestamp,protoPayload.authenticationInfo.principalEmail,protoPayload.methodName,protoPayload.resourceName)"
)

DENIED_LINE = "value(timestamp,httpRequest.remoteIp,httpRequest.requestUrl,jsonPayload.enforcedSecurityPolicy.priority)"


def title(environment: EnvironmentGuide) -> str:
    return f"Logs and traces of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = [
        heading(2, "Logs and traces"),
        paragraph(
            fmt(
                "Newest first. `--freshness` says how far back to look (`30m`, `6h`, `2d`); `--limit` how many lines to"
                " print."
            )
        ),
    ]
    for environment in guide.environments:
        found += _environment(environment)
    return found


def _environment(environment: EnvironmentGuide) -> Blocks:
    project, workload = environment.project_id, environment.workload_filter
    own = _own_words(environment)
    wrong = log_filters.at_least_errors(workload)
    note = access.note_on_logs(environment)
    return [
        heading(3, title(environment), environment.id),
        *([paragraph(note)] if note else []),
        paragraph(fmt("In the console: {}.", join(_links(environment), " · "))),
        paragraph(fmt("Errors, then everything that the {} wrote:", environment.workload.kind)),
        shell(read(project, wrong, "1h", LINE), read(project, own, "15m", LINE)),
        *_requests(environment),
        *_part(environment),
        *_beside(environment),
        paragraph(fmt("Who changed what in the project:")),
        shell(read(project, log_filters.changes(), "1d", CHANGE_LINE)),
    ]


def read(project_id: str, query: str, freshness: str, line: str, limit: int = 100) -> str:
    """The command that prints log entries."""
    return gcloud("logging", "read", query, project=project_id, freshness=freshness, limit=limit, format=line)


def _own_words(environment: EnvironmentGuide) -> str:
    """Finds what the container wrote: a service's requests have a log of their own."""
    workload = environment.workload_filter
    return log_filters.without_requests(workload) if environment.workload.answers else workload


def _links(environment: EnvironmentGuide) -> list[Inline]:
    project, workload = environment.project_id, environment.workload_filter
    found = [
        link("errors in the log", links.logs(project, log_filters.at_least_errors(workload))),
        link("everything it wrote", links.logs(project, _own_words(environment))),
    ]
    if environment.workload.answers:
        found.append(link("failed requests", links.logs(project, log_filters.failed_requests(workload))))
    return [*found, link("grouped errors", links.errors(project)), link("traces", links.traces(project))]


def _requests(environment: EnvironmentGuide) -> Blocks:
    if not environment.workload.answers:
        return []
    failed = log_filters.failed_requests(environment.workload_filter)
    return [
        paragraph(fmt("Requests answered with 500 or above:")),
        shell(read(environment.project_id, failed, "1h", REQUEST_LINE)),
    ]


def _part(environment: EnvironmentGuide) -> Blocks:
    """The log of one revision, or of one execution."""
    project, own = environment.project_id, _own_words(environment)
    if not environment.workload.stays:
        return [
            paragraph(fmt("One execution ({} lists them):", link(job.TITLE, anchor(job.TITLE)))),
            shell(read(project, log_filters.execution(own, "EXECUTION"), "7d", LINE, limit=1000)),
        ]
    return [
        paragraph(fmt("One revision, such as the one that was rolled out last:")),
        shell(rollout.revisions(environment, 5), read(project, log_filters.revision(own, "REVISION"), "1d", LINE)),
    ]


def _beside(environment: EnvironmentGuide) -> Blocks:
    """What stands beside the container and writes logs of its own."""
    context, project = environment.context, environment.project_id
    commands = []
    if context.environment.schedule is not None:
        schedule = log_filters.schedule(environment.run_name)
        commands.append(("its schedule", read(project, schedule, "2d", "value(timestamp,severity,jsonPayload.status)")))
    if context.has_postgres:
        database = log_filters.database(project, context.names.database_instance)
        commands.append(("the database", read(project, database, "1h", LINE)))
    url_map = environment.url_map
    if url_map is not None and context.environment.domain is not None and context.environment.domain.logging:
        balancer = log_filters.load_balancer(url_map)
        commands.append(("the load balancer", read(project, balancer, "15m", REQUEST_LINE)))
        if context.safety.web_application_firewall:
            denied = log_filters.denied(balancer)
            commands.append(("what the firewall turned away", read(project, denied, "1h", DENIED_LINE)))
    if not commands:
        return []
    what = join([name for name, _ in commands], ", ", " and ")
    return [paragraph(fmt("Beside it: {}.", what)), shell(*(command for _, command in commands))]

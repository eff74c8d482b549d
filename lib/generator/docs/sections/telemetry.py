"""What a service tells of itself beside its logs: traces and metrics, through the collector."""

from __future__ import annotations

from generator.collector import variables
from generator.docs import links, log_filters
from generator.docs.inline import code, fmt, join, link
from generator.docs.markdown import Block, Blocks, anchor, heading, paragraph, shell
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.sections import logs, releases
from spec.collector import CONTAINER

KEY = "telemetry: {collector: false}"


def title(environment: EnvironmentGuide) -> str:
    return f"Traces and metrics of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = []
    for environment in guide.environments:
        if environment.context.collector is not None:
            found += _environment(environment)
    return [heading(2, "Traces and metrics"), *found] if found else []


def _environment(environment: EnvironmentGuide) -> Blocks:
    context, project = environment.context, environment.project_id
    told = log_filters.container(environment.workload_filter, CONTAINER)
    found: list[Block] = [
        heading(3, title(environment), environment.id),
        paragraph(
            fmt(
                "An OpenTelemetry collector runs beside the service in each instance, as container {}. OpenTelemetry's"
                " libraries find it by themselves ({}); it writes {} and {}, where a metric has the name that the service"
                " gave it and can be asked for in PromQL, by alerts of the spec too. {} in the spec takes it away.",
                code(CONTAINER),
                join([code(f"{name}={value}") for name, value in variables().items()], ", "),
                link("traces", links.traces(project)),
                link("metrics", links.metrics(project)),
                code(KEY),
            )
        ),
    ]
    if not context.environment.instances.cpu_always_allocated:
        found.append(
            paragraph(
                fmt(
                    "An instance has its CPUs only while it answers requests, and so has the collector: what it gathered"
                    " leaves with the next request, or when the instance ends. {} sends it within seconds.",
                    code("cpuAlwaysAllocated: true"),
                )
            )
        )
    if context.rollout is not None:
        found.append(
            paragraph(
                fmt("A newer collector comes with the next release ({}).", link("releases", anchor(releases.TITLE)))
            )
        )
    return [
        *found,
        paragraph(fmt("What the collector had to complain about, such as traces that it could not deliver:")),
        shell(logs.read(project, told, "1d", logs.LINE)),
    ]

"""The address by which the traffic of an environment leaves, where it has one of its own."""

from __future__ import annotations

from generator.docs.inline import code, fmt
from generator.docs.markdown import Block, Blocks, heading, paragraph, shell
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.shell import gcloud


def title(environment: EnvironmentGuide) -> str:
    return f"Outgoing address of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = []
    for environment in guide.environments:
        if environment.context.has_static_egress:
            found += _environment(environment)
    return [heading(2, "Outgoing address"), *found] if found else []


def _environment(environment: EnvironmentGuide) -> Blocks:
    name, project = environment.context.names.egress, environment.project_id
    return [
        heading(3, title(environment), environment.id),
        paragraph(
            fmt(
                "Everything that the {} sends to the Internet comes from one address{}, which stays the same as long as"
                " the environment exists. To tell {} to those who have to let it in:",
                environment.context.spec.service.kind,
                " in each region" if len(environment.regions) > 1 else "",
                "all of them" if len(environment.regions) > 1 else "it",
            )
        ),
        shell(
            *(
                gcloud(
                    "compute", "addresses", "describe", name, project=project, region=region, format="value(address)"
                )
                for region in environment.regions
            )
        ),
        paragraph(fmt("Where connections fail for want of ports, the logs of {} say so:", code(name))),
        shell(
            gcloud(
                "logging", "read",
                f'resource.type="nat_gateway" AND resource.labels.gateway_name="{name}"',
                project=project, limit=20, freshness="1h",
            )
        ),
    ]  # fmt: skip

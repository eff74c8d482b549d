"""The operations guide of one service, in Markdown: about this service only, deterministic, commands to copy.

Pure: what it says comes from `ServiceGuide` alone. Read `SECTIONS` as its table of contents.
"""

from __future__ import annotations

from generator.docs.markdown import contents, document
from generator.docs.model import EnvironmentGuide as EnvironmentGuide
from generator.docs.model import ServiceGuide as ServiceGuide
from generator.docs.sections import (
    alerts,
    analytics,
    applying,
    audit,
    authorization,
    bigquery,
    buckets,
    cache,
    changing,
    checks,
    conformance,
    database,
    egress,
    encryption,
    environments,
    first_deployment,
    header,
    job,
    logs,
    messaging,
    overview,
    perimeter,
    regions,
    releases,
    rollout,
    secrets,
    sidecars,
    stacks,
    teardown,
    telemetry,
    variables,
    worker,
)

SECTIONS = (
    # What somebody wants who was just woken up …
    overview,
    environments,
    regions,
    alerts,
    logs,
    job,
    worker,
    rollout,
    releases,
    # … what the service has …
    database,
    cache,
    buckets,
    messaging,
    authorization,
    egress,
    bigquery,
    analytics,
    sidecars,
    telemetry,
    secrets,
    encryption,
    perimeter,
    variables,
    audit,
    # … and how it is changed, made and taken down.
    changing,
    applying,
    first_deployment,
    teardown,
    stacks,
    checks,
    conformance,
)
"""Every section in the guide's order. One that has nothing to say about a service gives no blocks."""


def render(service: ServiceGuide) -> str:
    """The guide's text. The same arguments give the same text."""
    sections = [block for section in SECTIONS for block in section.blocks(service)]
    return document([*header.blocks(service), contents(sections), *sections])

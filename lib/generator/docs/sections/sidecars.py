"""The containers that run beside the service's own."""

from __future__ import annotations

from generator.docs.inline import Text, code, fmt
from generator.docs.markdown import Block, Blocks, heading, paragraph, table
from generator.docs.model import EnvironmentGuide, ServiceGuide
from spec.model import Sidecar


def title(environment: EnvironmentGuide) -> str:
    return f"Sidecars of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = []
    for environment in guide.environments:
        if environment.context.environment.sidecars:
            found += _environment(environment)
    return [heading(2, "Sidecars"), *found] if found else []


def _environment(environment: EnvironmentGuide) -> Blocks:
    return [
        heading(3, title(environment), environment.id),
        paragraph(
            fmt(
                "Containers beside the service's own ({}) in each instance, with its identity and reached at {}; each finds"
                " its own variables alone. One that fails takes the instance with it. A new image is a new digest in the"
                " spec{}.",
                code(environment.run_name),
                code("localhost"),
                "" if environment.context.rollout is None else fmt(", and comes with the next release"),
            )
        ),
        table(
            ("Container", "Image", "CPUs", "Memory", "The service waits for port", "Variables"),
            [_row(sidecar) for sidecar in environment.context.environment.sidecars],
        ),
    ]


def _row(sidecar: Sidecar) -> tuple[Text, ...]:
    return (
        code(sidecar.name),
        code(sidecar.image),
        str(sidecar.cpu),
        sidecar.memory,
        "-" if sidecar.ready_port is None else str(sidecar.ready_port),
        ", ".join(sorted(sidecar.env)) or "-",
    )

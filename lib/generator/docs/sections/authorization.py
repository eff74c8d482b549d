"""Who may do what: the environment's store on the organisation's OpenFGA server."""

from __future__ import annotations

from generator.docs.inline import Text, code, fmt
from generator.docs.markdown import Block, Blocks, facts, heading, paragraph
from generator.docs.model import EnvironmentGuide, ServiceGuide
from spec.model import Authorization


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = []
    for environment in guide.environments:
        wanted = environment.context.environment.resources.authorization
        if wanted is not None:
            found += _environment(guide, environment, wanted)
    return [heading(2, "Authorisation"), *found] if found else []


def _environment(guide: ServiceGuide, environment: EnvironmentGuide, wanted: Authorization) -> Blocks:
    context = environment.context
    server = context.authorization_server
    if server is None:
        return []
    rows: list[tuple[Text, Text]] = [
        ("OpenFGA server", code(server.api_url)),
        ("Store", fmt("{}, made by the first instance that starts", code(context.names.authorization_store))),
        ("Model", code("/".join(filter(None, [guide.directory, wanted.model])))),
        ("Asks as", fmt("{}, with an ID token for {}", code(context.names.workload_email), code(server.audience or server.api_url))),
    ]
    return [
        heading(3, f"Store of {environment.id}", environment.id),
        facts(rows),
        paragraph(
            fmt(
                "Each release brings its own model and asks by it alone, so that going back is safe. While the server does"
                " not answer, an instance is not ready ({}), and what asks it fails: nothing is allowed by default. The"
                " server, its stores and their backups are the platform team's.",
                code("authorization"),
            )
        ),
    ]

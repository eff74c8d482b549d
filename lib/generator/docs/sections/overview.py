"""Who the service is, whose it is, and where it runs."""

from __future__ import annotations

from generator.docs import links
from generator.docs.inline import Inline, Text, code, fmt, join, link, strong
from generator.docs.markdown import Blocks, anchor, facts, heading, table
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.sections import environments, releases
from spec.model import Source
from spec.platform.people import Owner

SHOWN_DIGEST = len("sha256:") + 12
"""Characters of a digest that are enough to compare it by eye."""


def blocks(guide: ServiceGuide) -> Blocks:
    return [
        heading(2, "Overview"),
        facts(_facts(guide)),
        table(
            ("Environment", "Tier", "Region", "Project", "Deploys", "Address"),
            [_environment(environment) for environment in guide.environments],
        ),
    ]


def _facts(guide: ServiceGuide) -> list[tuple[Text, Text]]:
    rows: list[tuple[Text, Text]] = [
        ("Id", code(guide.service.id)),
        ("Kind", _kind(guide)),
        ("Owners" if len(guide.owners) > 1 else "Owner", join([_owner(owner) for owner in guide.owners], "; ")),
    ]
    build = guide.contexts[0].spec.build
    if build.source is not None:
        rows.append(("Source", _source(build.source)))
    rows.append(("Image", code(guide.contexts[0].names.image_repository)))
    rows.append(("Spec", code(guide.spec_path)))
    return rows


def _kind(guide: ServiceGuide) -> str:
    workload, meaning = guide.workload, guide.workload.meaning
    if not any(environment.context.environment.schedule for environment in guide.environments):
        meaning = meaning.replace("on its schedule or ", "")
    return f"{workload.kind}: {meaning} ({workload.resource})"


def _owner(owner: Owner) -> Inline:
    return fmt("{}: chat {}, group {}, mail {}", strong(owner.name), owner.chat, owner.group, owner.email)


def _source(source: Source) -> Inline:
    shown = source.repository if source.directory == "." else f"{source.repository}, {source.directory}"
    return link(shown, links.source(source.repository, source.directory))


def _environment(environment: EnvironmentGuide) -> tuple[Text, ...]:
    deploy = environment.context.environment.deploy
    return (
        link(environment.id, anchor(environments.title(environment))),
        environment.context.environment.tier,
        environment.region,
        link(environment.project_id, links.project(environment.project_id)),
        fmt("{}, {}", deploy.type, _deployed(environment)),
        _address(environment),
    )


def _deployed(environment: EnvironmentGuide) -> Inline:
    deploy = environment.context.environment.deploy
    if deploy.type == "rollout":
        return link("releases", anchor(releases.TITLE))
    if deploy.digest is not None:
        return code(f"{deploy.digest[:SHOWN_DIGEST]}…")
    return fmt("tag {}", code(deploy.tag))


def _address(environment: EnvironmentGuide) -> Text:
    name = environment.context.names.dns_name
    if name is not None:
        return link(name, f"https://{name}")
    if not environment.workload.answers:
        return f"none: a {environment.workload.kind}"
    return link("how to reach it", anchor(environments.title(environment)))

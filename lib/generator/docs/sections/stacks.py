"""What each stack holds, where its state is, and how hand-written Terraform joins in."""

from __future__ import annotations

from generator.docs import links
from generator.docs.inline import Inline, Text, code, fmt, join, link
from generator.docs.kinds import describe
from generator.docs.markdown import Block, Blocks, bullets, heading, paragraph, table
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.stacks.locals import EVERY_STACK, documented_locals

OWN_WORDS = "Terraform of your own"


def title(environment: EnvironmentGuide) -> str:
    return f"Stacks of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = [
        heading(2, "What each stack holds"),
        paragraph(
            fmt(
                "A stack is one folder of Terraform with a state of its own, in {}. In the order to apply, which"
                " programs find in {}:",
                _where(guide),
                code("stacks.json"),
            )
        ),
    ]
    for environment in guide.environments:
        found += [
            heading(3, title(environment), environment.id),
            table(("Stack", "Holds", "State"), [_row(environment, stack) for stack in environment.stacks]),
            *_carried(guide, environment),
        ]
    return [*found, *_own(guide)]


def _row(environment: EnvironmentGuide, stack: str) -> tuple[Text, ...]:
    names, state = environment.context.names, environment.context.platform.state
    if state.gcs is not None:
        prefix = names.state_prefix(stack)
        where = link(prefix, links.state(state.gcs.bucket, prefix))
    else:
        assert state.hcp is not None  # the rules see to it
        workspace = names.workspace(stack)
        where = link(workspace, links.workspace(state.hcp.host, state.hcp.organization, workspace))
    return code(stack), describe(environment.stack(stack)), where


def _where(guide: ServiceGuide) -> Inline:
    state = guide.platform.state
    if state.gcs is not None:
        return fmt("bucket {}", code(state.gcs.bucket))
    assert state.hcp is not None  # the rules see to it
    return fmt("a workspace of organisation {} at {}", code(state.hcp.organization), code(state.hcp.host))


def _carried(guide: ServiceGuide, environment: EnvironmentGuide) -> Blocks:
    """The hand-written files, which the table doesn't count."""
    if not environment.custom:
        return []
    return [
        paragraph("Besides, written by hand and carried along:"),
        bullets(
            fmt(
                "stack {}: {}",
                code(stack),
                join(code(f"{_place(guide, environment.id, stack)}/{name}") for name in environment.custom[stack]),
            )
            for stack in environment.stacks
            if stack in environment.custom
        ),
    ]


def _own(guide: ServiceGuide) -> Blocks:
    """Where Terraform of the team's own goes, and what it may use."""
    return [
        heading(3, OWN_WORDS, "your own"),
        paragraph(
            fmt(
                "Files {} are carried into the stack as they are, by the next {}. They may add anything but {} and {}"
                " blocks, which the platform writes, and may use these locals beside the stack's resources:",
                code(f"{_place(guide, 'ENVIRONMENT', 'STACK')}/NAME.tf"),
                code("msp-generate"),
                code("terraform"),
                code("provider"),
            )
        ),
        table(("Local", "In", "Is"), _locals(guide)),
    ]


def _place(guide: ServiceGuide, environment: str, stack: str) -> str:
    return "/".join(filter(None, [guide.directory, "terraform", environment, stack]))


def _locals(guide: ServiceGuide) -> list[tuple[Text, ...]]:
    """The locals that some stack of the service declares, with their documented meaning."""
    rows: list[tuple[Text, ...]] = [
        (code(f"local.{name}"), "every stack", meaning) for name, meaning in EVERY_STACK.items()
    ]
    declared: dict[str, dict[str, str]] = {}
    for environment in guide.environments:
        for stack, content in environment.stacks.items():
            for name in content.get("locals", {}):
                if name not in EVERY_STACK:
                    declared.setdefault(stack, {})[name] = documented_locals(stack)[name]
    return [
        *rows,
        *(
            (code(f"local.{name}"), code(stack), meaning)
            for stack, by_name in declared.items()
            for name, meaning in sorted(by_name.items())
        ),
    ]

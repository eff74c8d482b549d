"""Every stack of an environment in its order, with what has to happen between two of them."""

from __future__ import annotations

from generator.docs.inline import Inline, code, fmt, join, link
from generator.docs.markdown import Block, Blocks, anchor, heading, paragraph, shell, steps
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.sections import analytics, applying, audit, encryption, private_network, proxy, release_commands, secrets, time_bound
from generator.docs.shell import gcloud
from generator.docs.terraform_json import first

TITLE = "First deployment"


def title(environment: EnvironmentGuide) -> str:
    return f"First deployment of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = [
        heading(2, TITLE),
        paragraph(
            fmt(
                "One stack after another; each reads what those before it have left in their state. The same"
                " commands apply a later change to one stack. {} comes first, and so does an image in {}. Where Google"
                " says that an API was never used or is switched off, wait a minute and apply again: switching it on"
                " takes effect late.",
                link(applying.TITLE, anchor(applying.TITLE)),
                code(guide.contexts[0].names.image_repository),
            )
        ),
    ]
    for environment in guide.environments:
        found += [
            heading(3, title(environment), environment.id),
            steps(step for stack in environment.stacks for step in _steps(environment, stack)),
        ]
    return found


def _steps(environment: EnvironmentGuide, stack: str) -> list[Blocks]:
    before = _needs_a_path(environment) if stack in private_network.NEEDED_BY else None
    apply = private_network.apply(environment, stack) if before is not None else applying.apply(environment, stack)
    before = before or (_needs_the_other_stages(environment) if stack == release_commands.DELIVERY else None)
    sentence = fmt("Stack {}.", code(stack)) if before is None else fmt("Stack {}. {}", code(stack), before)
    asked = _asks_once(environment) if stack == time_bound.STACK else []
    step = [paragraph(sentence), *asked, apply]
    return [*_before(environment, stack), step, *(following for following in [_after(environment, stack)] if following)]


def _needs_a_path(environment: EnvironmentGuide) -> Inline:
    return fmt(
        "It speaks to the database itself, at its private address, so it needs {} first.",
        link("a way into the network", anchor(private_network.title(environment))),
    )


def _asks_once(environment: EnvironmentGuide) -> Blocks:
    """What Privileged Access Manager needs before its first entitlement in an organisation."""
    return [
        paragraph(
            fmt(
                "Privileged Access Manager gives access through an agent of its own, which somebody has to let do so once"
                " for the organisation, the folder or the project: {}. This says whether that is done:",
                link("set it up", "https://cloud.google.com/iam/docs/pam-permissions-and-setup"),
            )
        ),
        shell(
            gcloud("pam", "check-onboarding-status", location=time_bound.LOCATION, project=environment.project_id)
        ),
    ]


def _needs_the_other_stages(environment: EnvironmentGuide) -> Inline | None:
    rollout = environment.context.rollout
    others = [stage.environment for stage in rollout.stages[:-1]] if rollout is not None else []
    if not others:
        return None
    return fmt("It reads what {} has left in its state, so all of that comes first.", join(map(code, others), ", ", " and "))


def _before(environment: EnvironmentGuide, stack: str) -> list[Blocks]:
    """What has to be true before the stack is applied."""
    if stack == "publications" and environment.stack(stack).get("resource"):
        sentence = fmt(
            "Before tables are copied, they must be there and have primary keys: see {}.",
            link("what to look at first", anchor(analytics.title(environment))),
        )
        return [[paragraph(sentence)]]
    if stack == encryption.STACK:
        return [encryption.ask_for_agents(environment)]
    if stack == "run" and environment.context.has_iap:
        return [proxy.make_agent(environment)]
    return []


def _after(environment: EnvironmentGuide, stack: str) -> Blocks:
    """What people do once the stack is there, before the next one."""
    if stack == "iam" and secrets.own(environment):
        several = len(secrets.own(environment)) > 1
        return [
            paragraph(
                fmt(
                    "The {} now and {} empty, and without a value nothing starts. {}",
                    "secrets exist" if several else "secret exists",
                    "are" if several else "is",
                    secrets.HOW_TO_FILL,
                ),
            ),
            secrets.add_versions(environment),
        ]
    if stack == "grants" and audit.is_recorded(environment):
        return [paragraph(audit.why_left_out(environment)), audit.leave_out_workload(environment)]
    if stack == "edge":
        return _certificate(environment)
    return []


def _certificate(environment: EnvironmentGuide) -> Blocks:
    certificate = first(environment.stack("edge"), "google_certificate_manager_certificate")
    if certificate is None:
        return []
    return [
        paragraph(fmt("Wait for the certificate: minutes as a rule, and {} at the end.", code("ACTIVE"))),
        shell(
            gcloud(
                "certificate-manager",
                "certificates",
                "describe",
                certificate.text("name"),
                project=environment.project_id,
                format="value(managed.state)",
            )  # fmt: skip
        ),
    ]

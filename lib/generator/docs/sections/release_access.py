"""Who may do what with the delivery pipeline: people, and CI."""

from __future__ import annotations

from generator.docs.inline import Inline, code, fmt, join, link
from generator.docs.markdown import Blocks, anchor, bullets, fenced, heading, paragraph, shell
from generator.docs.model import EnvironmentGuide
from generator.docs.sections import applying, time_bound
from generator.docs.shell import gcloud, quote
from spec.model import Rollout
from spec.names import CI_POOL_ID, CI_PROVIDER_ID

WHO = "Who may release"


def people(holder: EnvironmentGuide, rollout: Rollout) -> Blocks:
    """CI signs in by itself; people take on an identity for one shell."""
    names = holder.context.names
    who: list[Inline] = []
    platforms = holder.context.platform.ci
    if platforms is not None:
        github = platforms.github
        who.append(fmt("workflows of {} on {}", code(github.repository), code(github.ref)))
    who += [code(member) for member in rollout.releasers]
    return [
        heading(3, WHO, "who may"),
        bullets(
            [
                fmt(
                    "To make and promote releases: the service account {}, as which {} may act.",
                    code(names.releaser_email),
                    join(who, ", ", " and ") if who else fmt("nobody (see {} in the spec)", code("rollout.releasers")),
                ),
                fmt(
                    "To approve: the owners, {}.",
                    join([code(group) for group in holder.context.owner_groups.values()], ", ", " and "),
                ),
                fmt("To promote, advance, cancel, try again or roll back, in any stage: {}.", _operators(holder)),
            ]
        ),
        paragraph(fmt("A person who may act as the releaser does so for one shell, which {} ends:", code("exit"))),
        shell(f"export CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT={quote(names.releaser_email)}"),
    ]


def _operators(holder: EnvironmentGuide) -> Inline:
    """Who may operate the pipeline beside the releaser."""
    runner = link("who applies stacks", anchor(applying.TITLE))
    if not holder.context.time_bound_access:
        return runner
    asked = link(f"more access to {holder.id}", anchor(time_bound.title(holder)))
    return fmt("whoever was given {} for a while, of level {}; or {}", asked, code("deploy"), runner)


def ci(holder: EnvironmentGuide) -> Blocks:
    platforms = holder.context.platform.ci
    if platforms is None:
        return []
    names = holder.context.names
    return [
        heading(3, "Release from CI", "from CI"),
        paragraph(
            fmt(
                "GitHub's token is exchanged for one of the releaser: no key is stored anywhere. Only workflows of {} on"
                " {} are let in. The name of the provider:",
                code(platforms.github.repository),
                code(platforms.github.ref),
            )
        ),
        shell(
            gcloud(
                "iam", "workload-identity-pools", "providers", "describe", CI_PROVIDER_ID,
                workload_identity_pool=CI_POOL_ID, location="global", project=holder.project_id, format="value(name)",
            )
        ),
        paragraph("The part of a workflow that signs in; the command above makes the release:"),
        fenced(
            "\n".join(
                (
                    "permissions: {contents: read, id-token: write}",
                    "steps:",
                    "  - uses: google-github-actions/auth@v3",
                    "    with:",
                    "      workload_identity_provider: PROVIDER",
                    f"      service_account: {names.releaser_email}",
                    "  - uses: google-github-actions/setup-gcloud@v3",
                )
            ),
            "yaml",
        ),
    ]  # fmt: skip

"""The delivery pipeline: its stages, making, promoting, approving and rolling back a release, and who may."""

from __future__ import annotations

from generator.context import Context
from generator.docs import links
from generator.docs.inline import Inline, Text, code, fmt, join, link
from generator.docs.markdown import (
    Block,
    Blocks,
    anchor,
    bullets,
    careful,
    facts,
    fenced,
    heading,
    paragraph,
    shell,
    table,
)
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.sections import applying
from generator.docs.shell import gcloud, quote
from spec import tiers
from spec.model import Rollout, Stage
from spec.names import CI_POOL_ID, CI_PROVIDER_ID, RELEASE_FOLDER, RELEASE_TOPICS

DELIVERY = "delivery"
TITLE = "Releases"
WHO = "Who may release"


def blocks(guide: ServiceGuide) -> Blocks:
    holder = _holder(guide)
    if holder is None or holder.context.rollout is None:
        return []
    rollout = holder.context.rollout
    return [
        heading(2, TITLE),
        paragraph(
            fmt(
                "One release goes through {}, with the same image and with the manifests in {}, which are made from the"
                " same spec as the Terraform.",
                join([code(stage.environment) for stage in rollout.stages], " → "),
                code(_folder(holder)),
            )
        ),
        facts(_facts(holder, rollout)),
        table(
            ("Stage", "Waits for approval", "Traffic", "Verified by", "Deployed by"),
            [_stage(holder.context, stage) for stage in rollout.stages],
        ),
        careful(
            fmt(
                "Terraform leaves the image, the revision and the traffic of these environments to the pipeline, but"
                " whenever it changes anything else of the Cloud Run {} it sends the whole of it, as it read it a moment"
                " before. Apply stack {} of a stage only while no rollout goes on there: a rollout that lands in between"
                " would be undone without a word.",
                guide.noun,
                code("run"),
            )
        ),
        *_as_whom(holder, rollout),
        *_make(holder),
        *_bring_on(holder, rollout),
        *_back(holder, rollout),
        *_change(guide),
        *_ci(holder),
    ]


def _holder(guide: ServiceGuide) -> EnvironmentGuide | None:
    """The environment whose project holds the pipeline."""
    return next((environment for environment in guide.environments if environment.context.holds_pipeline), None)


def _folder(holder: EnvironmentGuide) -> str:
    return f"{holder.folder(DELIVERY)}/{RELEASE_FOLDER}"


def _where(holder: EnvironmentGuide) -> dict[str, str]:
    names = holder.context.names
    return {"delivery_pipeline": names.pipeline, "region": holder.region, "project": holder.project_id}


def _facts(holder: EnvironmentGuide, rollout: Rollout) -> list[tuple[Text, Text]]:
    names = holder.context.names
    page = links.pipeline(holder.project_id, holder.region, names.pipeline)
    rows: list[tuple[Text, Text]] = [
        ("Pipeline", fmt("{} in project {}", link(names.pipeline, page), code(holder.project_id))),
        ("By itself", _automatic(rollout)),
        ("Mail", fmt("to the owners, when a rollout waits for approval or has failed")),
        ("For programs", fmt("Pub/Sub topics {}", join(map(code, RELEASE_TOPICS), ", ", " and "))),
    ]
    if rollout.suspended:
        rows.insert(0, ("Suspended", fmt("{}: no release is made or promoted", code("rollout.suspended: true"))))
    return rows


def _automatic(rollout: Rollout) -> Inline:
    does = []
    if rollout.auto_promote is not None:
        does.append(f"promotes a release that came well to a stage {_after(rollout.auto_promote.wait_minutes)}")
    if rollout.auto_advance is not None:
        does.append(f"goes on with a canary {_after(rollout.auto_advance.wait_minutes)}")
    if rollout.rollback is not None:
        retries = rollout.rollback.retries
        tries = "" if not retries else f" after {retries} {'retry' if retries == 1 else 'retries'}"
        does.append(f"rolls back what failed{tries}")
    return join(does, "; ") if does else fmt("nothing: people and CI promote, advance and roll back")


def _after(minutes: int) -> str:
    return f"after {minutes} minutes" if minutes else "at once"


def _stage(holder: Context, stage: Stage) -> tuple[Text, ...]:
    shares = [f"{share} %" for share in stage.canary]
    verify = stage.verify
    return (
        code(stage.environment),
        "yes" if tiers.approval_required(holder.of_stage(stage).environment, stage) else "no",
        join([*shares, "all"], " → "),
        code(verify.image.partition("@")[0]) if verify is not None else "nothing",
        code(f"deploy-{stage.environment}"),
    )


def _as_whom(holder: EnvironmentGuide, rollout: Rollout) -> Blocks:
    """CI signs in by itself; people take on an identity for one shell."""
    names = holder.context.names
    who: list[Inline] = []
    ci = holder.context.platform.ci
    if ci is not None:
        who.append(fmt("workflows of {} on {}", code(ci.github.repository), code(ci.github.ref)))
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
                fmt("To advance a canary, cancel or roll back: {}.", link("as whom", anchor(applying.TITLE))),
            ]
        ),
        paragraph(fmt("A person who may act as the releaser does so for one shell, which {} ends:", code("exit"))),
        shell(f"export CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT={quote(names.releaser_email)}"),
    ]


def _make(holder: EnvironmentGuide) -> Blocks:
    names = holder.context.names
    return [
        heading(3, "Make a release", "make"),
        paragraph(
            fmt(
                "From the repository's root, at the commit that shall run. RELEASE is a name of your choice (lower-case"
                " letters, digits, dashes), DIGEST the digest of the pushed image. It goes to the first stage at once.",
            )
        ),
        shell(
            gcloud(
                "deploy", "releases", "create", "RELEASE", **_where(holder),
                source=_folder(holder), gcs_source_staging_dir=f"gs://{names.release_bucket}/source",
                images=f"{names.service_name}={names.image_repository}@sha256:DIGEST",
            )
        ),
        paragraph("What became of it, and of its rollouts:"),
        shell(
            gcloud("deploy", "releases", "list", **_where(holder), limit=5),
            gcloud("deploy", "rollouts", "list", release="RELEASE", **_where(holder)),
            gcloud("deploy", "rollouts", "describe", "ROLLOUT", release="RELEASE", **_where(holder)),
        ),
    ]  # fmt: skip


def _bring_on(holder: EnvironmentGuide, rollout: Rollout) -> Blocks:
    release = {"release": "RELEASE", **_where(holder)}
    found: list[Block] = []
    if len(rollout.stages) > 1:
        found += [
            heading(3, "Promote a release", "promote"),
            paragraph("To the next stage, or to one by name:"),
            shell(
                gcloud("deploy", "releases", "promote", **release),
                gcloud("deploy", "releases", "promote", **release, to_target=rollout.last_environment),
            ),
        ]
    if any(tiers.approval_required(holder.context.of_stage(stage).environment, stage) for stage in rollout.stages):
        found += [
            heading(3, "Approve a rollout", "approve"),
            paragraph("Look at what it brings, then approve or reject it:"),
            shell(
                gcloud("deploy", "rollouts", "list", **release, filter="approvalState=NEEDS_APPROVAL"),
                gcloud("deploy", "rollouts", "approve", "ROLLOUT", **release),
                gcloud("deploy", "rollouts", "reject", "ROLLOUT", **release),
            ),
        ]
    if any(stage.canary for stage in rollout.stages):
        found += [
            heading(3, "Advance a canary", "advance"),
            paragraph("The next share of the traffic; or stop where it is:"),
            shell(
                gcloud("deploy", "rollouts", "advance", "ROLLOUT", **release),
                gcloud("deploy", "rollouts", "cancel", "ROLLOUT", **release),
            ),
        ]
    return found


def _back(holder: EnvironmentGuide, rollout: Rollout) -> Blocks:
    return [
        heading(3, "Roll a release back", "roll back"),
        paragraph(
            "A stage gets the release again that ran there before; an approval is asked for as for any rollout. With"
            " `--release` it gets that one:"
        ),
        shell(
            *(
                gcloud("deploy", "targets", "rollback", stage.environment, **_where(holder))
                for stage in reversed(rollout.stages)
            )
        ),
        paragraph("What failed without its own fault may be tried again:"),
        shell(
            gcloud(
                "deploy", "rollouts", "retry-job", "ROLLOUT", release="RELEASE", **_where(holder),
                job_id="deploy", phase_id="stable",
            )
        ),
    ]  # fmt: skip


def _change(guide: ServiceGuide) -> Blocks:
    return [
        heading(3, "Change more than the image", "change"),
        paragraph(
            fmt(
                "A release brings the variables, sizes and probes of its own commit. So a change of the spec reaches a"
                " stage with the next release made after it; what is not part of the {} (identities, databases,"
                " addresses, the pipeline itself) is applied as in {}, before that release. A roll-back brings the older"
                " variables back too.",
                guide.noun,
                link("the first deployment", anchor("First deployment")),
            )
        ),
        paragraph(
            fmt(
                "To stop the pipeline, set {} in the spec and apply stack {}: what is on its way goes on, nothing new"
                " starts.",
                code("rollout.suspended: true"),
                code(DELIVERY),
            )
        ),
    ]


def _ci(holder: EnvironmentGuide) -> Blocks:
    ci = holder.context.platform.ci
    if ci is None:
        return []
    names = holder.context.names
    return [
        heading(3, "Release from CI", "from CI"),
        paragraph(
            fmt(
                "GitHub's token is exchanged for one of the releaser: no key is stored anywhere. Only workflows of {} on"
                " {} are let in. The name of the provider:",
                code(ci.github.repository),
                code(ci.github.ref),
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


def of_environment(environment: EnvironmentGuide) -> Blocks:
    """What the roll-out section says about an environment that the pipeline deploys to."""
    return [
        paragraph(
            fmt(
                "Images come to {} by {}; the spec names the first alone ({}).",
                environment.id,
                link("releases", anchor(TITLE)),
                code("rollout.initialImage"),
            )
        )
    ]


def rollback(environment: EnvironmentGuide) -> Block:
    """The release before, in this environment alone."""
    return shell(gcloud("deploy", "targets", "rollback", environment.id, **_where_of(environment)))


def again(environment: EnvironmentGuide) -> Block:
    """The release that runs, once more: new instances, which read everything anew."""
    return shell(
        gcloud("deploy", "releases", "promote", release="RELEASE", **_where_of(environment), to_target=environment.id)
    )


def _where_of(environment: EnvironmentGuide) -> dict[str, str]:
    context = environment.context
    assert context.rollout is not None
    holder = context.of_stage(context.rollout.stages[-1])
    return {
        "delivery_pipeline": holder.names.pipeline,
        "region": holder.region,
        "project": holder.names.project_id,
    }

"""The commands of the delivery pipeline: a release is made, promoted, approved, advanced, rolled back."""

from __future__ import annotations

from generator.context import Context
from generator.docs.inline import fmt
from generator.docs.markdown import Block, Blocks, heading, paragraph, shell
from generator.docs.model import EnvironmentGuide
from generator.docs.shell import gcloud
from spec import tiers
from spec.model import Rollout
from spec.names import RELEASE_FOLDER

DELIVERY = "delivery"


def folder(holder: EnvironmentGuide) -> str:
    """What a release is made from, from the repository's root."""
    return f"{holder.folder(DELIVERY)}/{RELEASE_FOLDER}"


def where(context: Context) -> dict[str, str]:
    """The pipeline that brings releases to an environment, in the words of gcloud's options."""
    assert context.rollout is not None
    holder = context.of_stage(context.rollout.stages[-1])
    return {
        "delivery_pipeline": holder.names.pipeline,
        "region": holder.region,
        "project": holder.names.project_id,
    }


def make(holder: EnvironmentGuide) -> Blocks:
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
                "deploy", "releases", "create", "RELEASE", **where(holder.context),
                source=folder(holder), gcs_source_staging_dir=f"gs://{names.release_bucket}/source",
                images=f"{names.service_name}={names.image_repository}@sha256:DIGEST",
            )
        ),
        paragraph("What became of it, and of its rollouts:"),
        shell(
            gcloud("deploy", "releases", "list", **where(holder.context), limit=5),
            gcloud("deploy", "rollouts", "list", release="RELEASE", **where(holder.context)),
            gcloud("deploy", "rollouts", "describe", "ROLLOUT", release="RELEASE", **where(holder.context)),
        ),
    ]  # fmt: skip


def bring_on(holder: EnvironmentGuide, rollout: Rollout) -> Blocks:
    release = {"release": "RELEASE", **where(holder.context)}
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


def back(holder: EnvironmentGuide, rollout: Rollout) -> Blocks:
    return [
        heading(3, "Roll a release back", "roll back"),
        paragraph(
            "A stage gets the release again that ran there before; an approval is asked for as for any rollout. With"
            " `--release` it gets that one:"
        ),
        shell(
            *(
                gcloud("deploy", "targets", "rollback", stage.environment, **where(holder.context))
                for stage in reversed(rollout.stages)
            )
        ),
        paragraph("What failed without its own fault may be tried again:"),
        shell(
            gcloud(
                "deploy", "rollouts", "retry-job", "ROLLOUT", release="RELEASE", **where(holder.context),
                job_id="deploy", phase_id="stable",
            )
        ),
    ]  # fmt: skip


def rollback(environment: EnvironmentGuide) -> Block:
    """The release before, in this environment alone."""
    return shell(gcloud("deploy", "targets", "rollback", environment.id, **where(environment.context)))


def again(environment: EnvironmentGuide) -> Block:
    """The release that runs, once more: new instances, which read everything anew."""
    return shell(
        gcloud("deploy", "releases", "promote", release="RELEASE", **where(environment.context), to_target=environment.id)
    )

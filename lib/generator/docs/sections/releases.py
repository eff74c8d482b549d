"""The delivery pipeline: its stages, what it does by itself, and what a release brings."""

from __future__ import annotations

from generator.context import Context
from generator.docs import links
from generator.docs.inline import Inline, Text, code, fmt, join, link
from generator.docs.markdown import Blocks, anchor, careful, facts, heading, paragraph, table
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.sections import release_access, release_commands
from spec import tiers
from spec.alerts.active import active_alerts
from spec.model import Rollout, Stage
from spec.names import RELEASE_TOPICS

TITLE = "Releases"


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
                code(release_commands.folder(holder)),
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
                " whenever it changes anything else of the {} it sends the whole of it, as it read it a moment"
                " before. Apply stack {} of a stage only while no rollout goes on there: a rollout that lands in between"
                " would be undone without a word.",
                guide.workload.resource,
                code("run"),
            )
        ),
        *release_access.people(holder, rollout),
        *release_commands.make(holder),
        *release_commands.bring_on(holder, rollout),
        *release_commands.back(holder, rollout),
        *_change(guide),
        *release_access.ci(holder),
    ]


def _holder(guide: ServiceGuide) -> EnvironmentGuide | None:
    """The environment whose project holds the pipeline."""
    return next((environment for environment in guide.environments if environment.context.holds_pipeline), None)


def _facts(holder: EnvironmentGuide, rollout: Rollout) -> list[tuple[Text, Text]]:
    names = holder.context.names
    page = links.pipeline(holder.project_id, holder.region, names.pipeline)
    rows: list[tuple[Text, Text]] = [
        ("Pipeline", fmt("{} in project {}", link(names.pipeline, page), code(holder.project_id))),
        ("By itself", _automatic(rollout)),
        ("Alerts", _alerts(holder)),
        ("For programs", fmt("Pub/Sub topics {}", join(map(code, RELEASE_TOPICS), ", ", " and "))),
    ]
    if rollout.suspended:
        rows.insert(0, ("Suspended", fmt("{}: no release is made or promoted", code("rollout.suspended: true"))))
    return rows


def _alerts(holder: EnvironmentGuide) -> Inline:
    """Those of the table that are about releases, and not switched off."""
    told = [
        link(active.id, anchor(active.heading))
        for active in active_alerts(holder.context.names)
        if active.alert is not None and active.alert.group == "delivery"
    ]
    return join(told, ", ", " and ") if told else fmt("none: switched off in the spec")


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
                code(release_commands.DELIVERY),
            )
        ),
    ]


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

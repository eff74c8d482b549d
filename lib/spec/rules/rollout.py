"""The delivery pipeline: its stages, and what belongs to them."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from ..check.partial import MISSING
from ..findings import Finding, listed
from ..model.rollout import Rollout, Stage
from ..model.root import ServiceSpec
from ..model.tiered import MIN_REASON_LENGTH, Reasoned
from ..tiers import ROLLOUT_APPROVAL
from .base import Place, known, repetitions


def stages_are_environments(spec: ServiceSpec) -> Iterator[Finding]:
    """Each stage is another environment of this service."""
    if spec.rollout is None:
        return
    ids = [environment.id for _, environment in known(spec.environments) if environment.id is not MISSING]
    named = [stage.environment for stage in spec.rollout.stages]
    for index, environment_id in known(named):
        if environment_id not in ids:
            nearest = get_close_matches(environment_id, ids, n=1)
            yield Finding(
                ("rollout", "stages", index, "environment"),
                "unknown-environment",
                f"an environment of this service: {listed(ids)}",
                f"write {nearest[0]}" if nearest else "choose one of them, or add it under `environments`",
            )
    for finding in repetitions(named, ("rollout", "stages")):
        yield Finding((*finding.keys, "environment"), finding.code, "each environment in one stage", finding.fix)


def stages_and_environments_agree(place: Place) -> Iterator[Finding]:
    """An environment is a stage of the pipeline exactly if the pipeline deploys to it."""
    spec, environment = place.spec, place.environment
    is_rollout = environment.deploy.type == "rollout"
    if spec.rollout is None:
        if is_rollout:
            yield Finding(
                place.keys("deploy", "type"),
                "rollout-missing",
                "a top-level `rollout` whose stages name this environment, or another type",
                f"add `rollout:` with `initialImage` and `stages: [{{environment: {environment.id}}}]`",
            )
        return
    index = _stage_of(spec.rollout, environment.id)
    if is_rollout and index is None:
        yield Finding(
            place.keys("deploy", "type"),
            "environment-not-in-rollout",
            f"a stage of `rollout` for environment {environment.id}, or another type",
            f"add `- environment: {environment.id}` to `rollout.stages`",
        )
    if index is not None and not is_rollout:
        yield Finding(
            place.keys("deploy", "type"),
            "stage-not-rollout",
            f"rollout, since `rollout.stages[{index}]` deploys to {environment.id}",
            "write `type: rollout`, without `tag` and `digest`, or take the environment out of `rollout.stages`",
        )


def approval_is_not_lowered(place: Place) -> Iterator[Finding]:
    """Where the tier asks for an approval, doing without has a reason."""
    rollout = place.spec.rollout
    index = None if rollout is None else _stage_of(rollout, place.environment.id)
    if rollout is None or index is None:
        return
    declared = rollout.stages[index].approval
    if declared is None or isinstance(declared, Reasoned) or not ROLLOUT_APPROVAL.lowers(place.environment.tier, declared):
        return
    yield Finding(
        ("rollout", "stages", index, "approval"),
        "reason-required",
        f"true, the default of tier {place.environment.tier}, or a reason of at least {MIN_REASON_LENGTH} characters why not",
        "write `approval: {value: false, reason: …}`, or delete the line",
    )


def canary_rises(spec: ServiceSpec) -> Iterator[Finding]:
    """The shares of a canary rise from one to the next."""
    for index, stage in _stages(spec):
        shares = [share for _, share in known(stage.canary)]
        if shares != sorted(set(shares)):
            yield Finding(
                ("rollout", "stages", index, "canary"),
                "canary-order",
                "shares that rise from one to the next",
                f"write [{', '.join(map(str, sorted(set(shares))))}]",
            )


def automation_has_something_to_do(spec: ServiceSpec) -> Iterator[Finding]:
    """There is a stage to promote to, and a canary to advance."""
    rollout = spec.rollout
    if rollout is None:
        return
    if rollout.auto_promote is not None and len(rollout.stages) < 2:
        yield _without_effect("autoPromote", "a second stage to promote to")
    if rollout.auto_advance is not None and not any(stage.canary for _, stage in _stages(spec)):
        yield _without_effect("autoAdvance", "a stage with `canary` to advance in")


def releasers_are_unique(spec: ServiceSpec) -> Iterator[Finding]:
    """Each releaser once."""
    if spec.rollout is not None:
        yield from repetitions(spec.rollout.releasers, ("rollout", "releasers"))


def _stages(spec: ServiceSpec) -> Iterator[tuple[int, Stage]]:
    if spec.rollout is not None:
        yield from known(spec.rollout.stages)


def _stage_of(rollout: Rollout, environment_id: str) -> int | None:
    """The place of an environment among the stages; ends the rule where one of them is not known."""
    return next((index for index, stage in enumerate(rollout.stages) if stage.environment == environment_id), None)


def _without_effect(name: str, expected: str) -> Finding:
    return Finding(("rollout", name), "without-effect", expected, "delete it", f"`{name}`", on_key=True)


SERVICE_RULES = (
    stages_are_environments,
    canary_rises,
    automation_has_something_to_do,
    releasers_are_unique,
)
ENVIRONMENT_RULES = (stages_and_environments_agree, approval_is_not_lowered)

"""A Cloud Deploy pipeline: its targets in order, and what it does by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from constructs import Construct

from generator.engine import google

EXECUTION_TIMEOUT = "3600s"
"""How long one step may take before Cloud Deploy gives it up."""


@dataclass(frozen=True)
class Run:
    """One Cloud Run service or job that a stage deploys to."""

    target: str
    location: str
    """projects/P/locations/L."""
    parameters: Mapping[str, str]
    """What the manifest can't know before Terraform has run, or what is another in each region."""


@dataclass(frozen=True)
class Stage:
    """`name` is that of its profile in skaffold.yaml, `target` that of the target which the pipeline goes to."""

    name: str
    target: str
    runs: Sequence[Run]
    """With more than one, `target` stands for all of them, which are deployed to at the same time."""
    executor: str
    """E-mail address of the identity that renders, deploys and verifies."""
    approval: bool
    canary: Sequence[int]
    verify: bool


@dataclass(frozen=True)
class Automation:
    """What happens without anybody; None and 0 for what doesn't."""

    account: str
    """E-mail address of the identity that does it."""
    promote_after_minutes: int | None = None
    advance_after_minutes: int | None = None
    retries: int = 0
    rollback: bool = False


@dataclass(frozen=True)
class Config:
    project_id: str
    name: str
    region: str
    """Of pipeline and targets; what they deploy to may be anywhere."""
    description: str
    bucket: str
    stages: Sequence[Stage]
    suspended: bool
    automation: Automation | None
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Output:
    name: str


def new(scope: Construct, id: str, config: Config) -> Output:
    pipelines = google.clouddeploy_delivery_pipeline
    pipeline = pipelines.ClouddeployDeliveryPipeline(
        scope,
        id,
        project=config.project_id,
        location=config.region,
        name=config.name,
        description=config.description,
        suspended=config.suspended,
        serial_pipeline=pipelines.ClouddeployDeliveryPipelineSerialPipeline(
            stages=[
                pipelines.ClouddeployDeliveryPipelineSerialPipelineStages(
                    target_id=_target(scope, id, config, stage), profiles=[stage.name], strategy=_strategy(stage)
                )
                for stage in config.stages
            ]
        ),
    )
    if config.automation is not None:
        _automations(scope, id, config, config.automation, pipeline.name)
    return Output(name=pipeline.name)


def _target(scope: Construct, id: str, config: Config, stage: Stage) -> str:
    """The target of a stage: the one Cloud Run there is, or a target for all regions with one for each behind it.

    The home's target is there in both cases and stays what it is; only the approval, which such a one can't ask for, goes
    to the stage's. Source: https://cloud.google.com/deploy/docs/parallel
    """
    targets = google.clouddeploy_target
    alone = len(stage.runs) == 1
    runs = [
        targets.ClouddeployTarget(
            scope,
            f"{id}-target-{run.target}",
            **_common(config, stage),
            name=run.target,
            require_approval=stage.approval and alone,
            run=targets.ClouddeployTargetRun(location=run.location),
            deploy_parameters=dict(run.parameters) or None,
        ).name
        for run in stage.runs
    ]
    if alone:
        return runs[0]
    return targets.ClouddeployTarget(
        scope,
        f"{id}-target-{stage.target}",
        **_common(config, stage),
        name=stage.target,
        require_approval=stage.approval,
        multi_target=targets.ClouddeployTargetMultiTarget(target_ids=runs),
    ).name


def _common(config: Config, stage: Stage) -> dict[str, Any]:
    return {
        "project": config.project_id,
        "location": config.region,
        "execution_configs": [
            google.clouddeploy_target.ClouddeployTargetExecutionConfigs(
                usages=["RENDER", "DEPLOY", "VERIFY"],
                service_account=stage.executor,
                artifact_storage=f"gs://{config.bucket}/{stage.name}",
                execution_timeout=EXECUTION_TIMEOUT,
            )
        ],
    }


def _strategy(stage: Stage) -> Any:
    prefix = "ClouddeployDeliveryPipelineSerialPipelineStagesStrategy"
    kinds = google.clouddeploy_delivery_pipeline
    strategy, standard = getattr(kinds, prefix), getattr(kinds, f"{prefix}Standard")
    if not stage.canary:
        return strategy(standard=standard(verify=stage.verify))
    canary, deployment = getattr(kinds, f"{prefix}Canary"), getattr(kinds, f"{prefix}CanaryCanaryDeployment")
    runtime, run = getattr(kinds, f"{prefix}CanaryRuntimeConfig"), getattr(kinds, f"{prefix}CanaryRuntimeConfigCloudRun")
    return strategy(
        canary=canary(
            canary_deployment=deployment(percentages=list(stage.canary), verify=stage.verify),
            runtime_config=runtime(cloud_run=run(automatic_traffic_control=True)),
        )
    )


def _automations(scope: Construct, id: str, config: Config, automation: Automation, pipeline: str) -> None:
    """One automation for each thing done: on those stages where there is something to do."""
    kinds = google.clouddeploy_automation
    rules = kinds.ClouddeployAutomationRules
    if automation.promote_after_minutes is not None:
        rule = kinds.ClouddeployAutomationRulesPromoteReleaseRule(
            id="promote", wait=_seconds(automation.promote_after_minutes), destination_target_id="@next"
        )
        _automation(scope, id, config, pipeline, "promote", config.stages[:-1], rules(promote_release_rule=rule))
    canaries = [stage for stage in config.stages if stage.canary]
    if automation.advance_after_minutes is not None and canaries:
        phases = sorted({share for stage in canaries for share in stage.canary})
        advance = kinds.ClouddeployAutomationRulesAdvanceRolloutRule(
            id="advance",
            wait=_seconds(automation.advance_after_minutes),
            source_phases=[f"canary-{share}" for share in phases],
        )
        _automation(scope, id, config, pipeline, "advance", canaries, rules(advance_rollout_rule=advance))
    if automation.rollback:
        phases_of = kinds.ClouddeployAutomationRulesRepairRolloutRuleRepairPhases
        retry = kinds.ClouddeployAutomationRulesRepairRolloutRuleRepairPhasesRetry(attempts=str(automation.retries))
        rollback = kinds.ClouddeployAutomationRulesRepairRolloutRuleRepairPhasesRollback(
            disable_rollback_if_rollout_pending=True
        )
        repair = kinds.ClouddeployAutomationRulesRepairRolloutRule(
            id="repair",
            repair_phases=[*([phases_of(retry=retry)] if automation.retries else []), phases_of(rollback=rollback)],
        )
        _automation(scope, id, config, pipeline, "repair", config.stages, rules(repair_rollout_rule=repair))


def _automation(
    scope: Construct, id: str, config: Config, pipeline: str, name: str, stages: Sequence[Stage], rule: Any
) -> None:
    assert config.automation is not None
    kinds = google.clouddeploy_automation
    kinds.ClouddeployAutomation(
        scope,
        f"{id}-automation-{name}",
        project=config.project_id,
        location=config.region,
        delivery_pipeline=pipeline,
        name=name,
        service_account=config.automation.account,
        selector=kinds.ClouddeployAutomationSelector(
            targets=[kinds.ClouddeployAutomationSelectorTargets(id=stage.target) for stage in stages]
        ),
        rules=[rule],
    )


def _seconds(minutes: int) -> str:
    return f"{60 * minutes}s"

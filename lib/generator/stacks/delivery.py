"""Stack `delivery`: the pipeline that brings releases to the environments, who may release, and the topics that tell of it.

In the project of the last stage. Each stage has an executor, which can deploy to its own environment and nowhere else;
the releaser makes releases and can deploy nothing by itself but what a pipeline step does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.context import Context
from generator.engine import core, google
from generator.resources import (
    account_tags,
    delivery_pipeline,
    federated_identity,
    release_bucket,
    release_topics,
    service_account,
)
from generator.resources.ids import slug
from generator.stacks import keys, proxy
from generator.stacks.keys import Keys
from generator.stacks.scope import Export, StackScope
from generator.stacks.service_url import service_url
from spec import tiers
from spec.model import Rollout, Stage

NAME = "delivery"

ACT_AS = "roles/iam.serviceAccountUser"
EXECUTE = "roles/clouddeploy.jobRunner"
DEPLOY = "roles/run.developer"
RELEASE = "roles/clouddeploy.releaser"
OPERATE = "roles/clouddeploy.operator"
APPROVE = "roles/clouddeploy.approver"
VIEW = "roles/clouddeploy.viewer"


@dataclass(frozen=True)
class Place:
    """One environment that releases come to, as its own stacks left it."""

    stage: Stage
    context: Context
    workload_email: Export
    project_number: Export
    parameters: Mapping[str, Export]
    """What its manifest needs and only Terraform knows."""


@dataclass(frozen=True)
class Variables:
    rollout: Rollout
    places: Sequence[Place]
    """In the order of the stages."""
    tag_of_releases: Export | None
    """What executors bear, so that people who may deploy for a while may start steps."""
    keys: Keys


def build(app: core.App, context: Context, variables: Variables) -> None:
    stack = StackScope(app, context, NAME)
    rollout = variables.rollout
    executors = {place.stage.environment: _executor(stack, place) for place in variables.places}
    _tags(stack, variables, executors)
    releaser = _releaser(stack, rollout)
    promoter = _promoter(stack, rollout)
    bucket = release_bucket.new(
        stack.tf,
        "releases",
        release_bucket.Config(
            project_id=context.names.project_id,
            name=context.names.release_bucket,
            region=context.region,
            users={
                **{f"executor-{stage}": executor.member for stage, executor in executors.items()},
                "releaser": releaser.member,
            },
            allow_destroys=not context.safety.deletion_protection,
            lifecycle=stack.lifecycle,
            kms_key=keys.of(stack, variables.keys, "storage"),
        ),
    )
    pipeline = delivery_pipeline.new(
        stack.tf,
        "pipeline",
        delivery_pipeline.Config(
            project_id=context.names.project_id,
            name=context.names.pipeline,
            region=context.region,
            description=f"Releases of {context.spec.service.id}",
            bucket=bucket.name,
            stages=[_stage(stack, place, executors[place.stage.environment].email) for place in variables.places],
            suspended=rollout.suspended,
            automation=_automation(rollout, promoter.email) if promoter is not None else None,
            labels=context.names.labels,
        ),
    )
    _permissions(stack, pipeline.name, executors, releaser, promoter)
    release_topics.new(
        stack.tf,
        "notices",
        release_topics.Config(
            project_id=context.names.project_id,
            region=context.region,
            kms_key=keys.of(stack, variables.keys, "messages"),
            lifecycle=stack.lifecycle,
        ),
    )
    stack.local("pipeline_name", pipeline.name)
    stack.local("releaser_email", releaser.email)
    stack.export("releaser_email", releaser.email, "Service account that makes releases")


def _executor(stack: StackScope, place: Place) -> service_account.Output:
    """Renders, deploys and verifies in one stage; acts as that environment's workload and no other's."""
    environment = place.stage.environment
    executor = service_account.new(
        stack.tf,
        f"executor-{environment}",
        service_account.Config(
            project_id=stack.context.names.project_id,
            account_id=f"deploy-{environment}",
            display_name=f"Deploys releases to {environment}",
        ),
    )
    members = google.project_iam_member
    members.ProjectIamMember(
        stack.tf,
        f"executor-{environment}-executes",
        project=stack.context.names.project_id,
        role=EXECUTE,
        member=executor.member,
        # The role reads and writes objects of every bucket; here, of the releases' alone.
        condition=members.ProjectIamMemberCondition(
            title="releases-bucket-only",
            expression=(
                'resource.service != "storage.googleapis.com"'
                f' || resource.name.startsWith("projects/_/buckets/{stack.context.names.release_bucket}")'
            ),
        ),
    )
    members.ProjectIamMember(
        stack.tf,
        f"executor-{environment}-deploys",
        project=place.context.names.project_id,
        role=DEPLOY,
        member=executor.member,
    )
    workload = stack.read(place.workload_email)
    _acts_as(
        stack,
        f"executor-{environment}-acts-as-workload",
        f"projects/{place.context.names.project_id}/serviceAccounts/{workload}",
        executor.member,
    )
    return executor


def _tags(stack: StackScope, variables: Variables, executors: Mapping[str, service_account.Output]) -> None:
    if variables.tag_of_releases is None:
        return
    number = stack.read(variables.places[-1].project_number)
    tag = stack.read(variables.tag_of_releases)
    for environment, executor in executors.items():
        account_tags.attach(stack.tf, f"executor-{environment}-tag", number, executor.unique_id, tag)


def _stage(stack: StackScope, place: Place, executor: str) -> delivery_pipeline.Stage:
    parameters = {name: stack.read(export) for name, export in place.parameters.items()}
    if place.context.is_called_by_google:
        parameters["service_url"] = service_url(stack, place.project_number, place.context)
    if (prefix := proxy.audience_prefix(stack, place.project_number, place.context)) is not None:
        parameters["iap_audience_prefix"] = prefix
    return delivery_pipeline.Stage(
        name=place.stage.environment,
        run_location=f"projects/{place.context.names.project_id}/locations/{place.context.region}",
        executor=executor,
        approval=tiers.approval_required(place.context.environment, place.stage),
        canary=place.stage.canary,
        verify=place.stage.verify is not None,
        parameters=parameters,
    )


def _releaser(stack: StackScope, rollout: Rollout) -> service_account.Output:
    """The identity of CI: federated, and taken on by those whom the spec names."""
    context = stack.context
    releaser = service_account.new(
        stack.tf,
        "releaser",
        service_account.Config(
            project_id=context.names.project_id,
            account_id=context.names.releaser_account_id,
            display_name="Makes and promotes releases",
            roles=[VIEW],
        ),
    )
    ci = context.platform.ci
    if ci is not None:
        provider = federated_identity.new(
            stack.tf,
            "ci",
            federated_identity.Config(
                project_id=context.names.project_id,
                account=releaser.name,
                repository=ci.github.repository,
                repository_id=ci.github.repository_id,
                ref=ci.github.ref,
            ),
        ).provider
        stack.export("ci_provider", provider, "Where CI signs in")
    for member in rollout.releasers:
        google.service_account_iam_member.ServiceAccountIamMember(
            stack.tf,
            f"releaser-taken-on-by-{slug(member)}",
            service_account_id=releaser.name,
            role="roles/iam.serviceAccountTokenCreator",
            member=member,
        )
    return releaser


def _promoter(stack: StackScope, rollout: Rollout) -> service_account.Output | None:
    """The identity of what the pipeline does by itself; there is none where it does nothing."""
    if rollout.auto_promote is None and rollout.auto_advance is None and rollout.rollback is None:
        return None
    return service_account.new(
        stack.tf,
        "promoter",
        service_account.Config(
            project_id=stack.context.names.project_id,
            account_id=stack.context.names.promoter_account_id,
            display_name="Promotes, advances and rolls back by itself",
        ),
    )


def _automation(rollout: Rollout, account: str) -> delivery_pipeline.Automation:
    return delivery_pipeline.Automation(
        account=account,
        promote_after_minutes=rollout.auto_promote.wait_minutes if rollout.auto_promote else None,
        advance_after_minutes=rollout.auto_advance.wait_minutes if rollout.auto_advance else None,
        retries=rollout.rollback.retries if rollout.rollback else 0,
        rollback=rollout.rollback is not None,
    )


def _permissions(
    stack: StackScope,
    pipeline: str,
    executors: Mapping[str, service_account.Output],
    releaser: service_account.Output,
    promoter: service_account.Output | None,
) -> None:
    """Who may do what with the pipeline. To start a step is to act as the identity that runs it."""
    context = stack.context
    _may(stack, "releaser-releases", pipeline, RELEASE, releaser.member)
    actors = {"releaser": releaser}
    if promoter is not None:
        _may(stack, "promoter-operates", pipeline, OPERATE, promoter.member)
        actors["promoter"] = promoter
    for name, actor in actors.items():
        for stage, executor in executors.items():
            _acts_as(stack, f"{name}-acts-as-executor-{stage}", executor.name, actor.member)
    for owner, group in context.owner_groups.items():
        _may(stack, f"owner-{owner}-approves", pipeline, APPROVE, f"group:{group}")
        google.project_iam_member.ProjectIamMember(
            stack.tf,
            f"owner-{owner}-views",
            project=context.names.project_id,
            role=VIEW,
            member=f"group:{group}",
        )


def _may(stack: StackScope, id: str, pipeline: str, role: str, member: str) -> None:
    google.clouddeploy_delivery_pipeline_iam_member.ClouddeployDeliveryPipelineIamMember(
        stack.tf,
        id,
        project=stack.context.names.project_id,
        location=stack.context.region,
        name=pipeline,
        role=role,
        member=member,
    )


def _acts_as(stack: StackScope, id: str, account: str, member: str) -> None:
    google.service_account_iam_member.ServiceAccountIamMember(
        stack.tf, id, service_account_id=account, role=ACT_AS, member=member
    )

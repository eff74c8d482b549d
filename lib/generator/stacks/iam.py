"""Stack `iam`: who the service is, what it may do, who may look at it, which secrets it may read, and what is recorded."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.context import Context
from generator.declared import ARTIFACT_REGISTRY, declared_secrets
from generator.engine import core, google, random
from generator.resources import audit_logs, secret, service_account
from generator.resources.ids import slug
from generator.stacks import keys, people
from generator.stacks.keys import Keys
from generator.stacks.people import CACHE_LOGIN_ROLES, DATABASE_LOGIN_ROLES
from generator.stacks.scope import Export, StackScope
from spec.constants import RESERVED_SECRET_PREFIX
from spec.names import CUSTOM_ROLE_ID

NAME = "iam"

WORKLOAD_ROLES = (
    "roles/cloudtrace.agent",
    "roles/logging.logWriter",
    "roles/monitoring.metricWriter",
    "roles/telemetry.metricsWriter",
    "roles/telemetry.tracesWriter",
)
"""To tell how it does, through a collector beside it or by itself (OTLP to telemetry.googleapis.com).
Source: https://cloud.google.com/stackdriver/docs/reference/telemetry/overview"""
"""To tell what it does: by itself, or through the collector beside it."""

DIAGNOSTICS_SECRET_ID = f"{RESERVED_SECRET_PREFIX}diagnostics"


@dataclass(frozen=True)
class Variables:
    project_number: Export
    keys: Keys


@dataclass(frozen=True)
class Outputs:
    workload_email: Export
    scheduler_email: Export | None
    invoker_email: Export | None
    diagnostics_secret: Export
    workload_unique_id: Export
    operator_unique_id: Export | None


def build(app: core.App, context: Context, variables: Variables) -> Outputs:
    stack = StackScope(app, context, NAME)
    workload = service_account.new(
        stack.tf,
        "workload",
        service_account.Config(
            project_id=context.names.project_id,
            account_id=context.names.workload_account_id,
            display_name=f"{context.spec.service.id} in {context.environment.id}",
            roles=workload_roles(context),
        ),
    )
    _custom_role(stack, workload.member)
    _image_access(stack, stack.read(variables.project_number))
    _owners(stack, workload)
    kms_key = keys.of(stack, variables.keys, "secrets")
    _declared_secrets(stack, workload.member, kms_key)
    _audit_logs(stack)
    stack.local("workload_email", workload.email)
    return Outputs(
        workload_email=stack.export("workload_email", workload.email, "Service account of the workload"),
        scheduler_email=_scheduler(stack),
        invoker_email=_invoker(stack, workload.member),
        diagnostics_secret=_diagnostics_secret(stack, workload.member, kms_key),
        workload_unique_id=stack.export("workload_unique_id", workload.unique_id, "Number of the workload's account"),
        operator_unique_id=_operator(stack),
    )


def workload_roles(context: Context) -> list[str]:
    """Project roles of the workload; sorted. Secrets are granted one by one, not here."""
    roles = {*WORKLOAD_ROLES, *context.spec.service.iam.roles}
    roles.update(DATABASE_LOGIN_ROLES if context.has_postgres else ())
    roles.update(CACHE_LOGIN_ROLES if context.has_redis else ())
    return sorted(roles)


def _custom_role(stack: StackScope, workload: str) -> None:
    permissions = stack.context.spec.service.iam.permissions
    if not permissions:
        return
    role = google.project_iam_custom_role.ProjectIamCustomRole(
        stack.tf,
        "workload-permissions",
        project=stack.context.names.project_id,
        role_id=CUSTOM_ROLE_ID,
        title="Permissions that service.yaml gives to the workload",
        permissions=sorted(permissions),
    )
    google.project_iam_member.ProjectIamMember(
        stack.tf,
        "workload-permissions-member",
        project=stack.context.names.project_id,
        role=role.name,
        member=workload,
    )


def _image_access(stack: StackScope, project_number: str) -> None:
    """Cloud Run's own agent pulls the images; it may read their repositories."""
    for id, registry in _registries(stack.context).items():
        google.artifact_registry_repository_iam_member.ArtifactRegistryRepositoryIamMember(
            stack.tf,
            id,
            project=registry["project"],
            location=registry["location"],
            repository=registry["repository"],
            role="roles/artifactregistry.reader",
            member=f"serviceAccount:service-{project_number}@serverless-robot-prod.iam.gserviceaccount.com",
        )


def _registries(context: Context) -> dict[str, re.Match[str]]:
    """The repositories to be read, by construct id: the service's own, and those of containers beside it from its registry.

    Sidecars from elsewhere are in public repositories, which everybody may read and nobody else may open.
    """
    own = ARTIFACT_REGISTRY.match(context.names.image)
    platform = ARTIFACT_REGISTRY.match(f"{context.platform.registry.repository}/")
    found = {} if own is None else {"image-reader": own}
    seen = {match[0] for match in found.values()}
    images = [sidecar.image for sidecar in context.environment.sidecars]
    for image in [*images, *([] if context.collector is None else [context.collector.image])]:
        registry = ARTIFACT_REGISTRY.match(image)
        if registry is None or platform is None or registry["project"] != platform["project"] or registry[0] in seen:
            continue
        seen.add(registry[0])
        found[f"image-reader-{registry['location']}-{registry['repository']}"] = registry
    return found


def _owners(stack: StackScope, workload: service_account.Output) -> None:
    context = stack.context
    roles = sorted(people.standing(context))
    for owner, group in context.owner_groups.items():
        for role in roles:
            google.project_iam_member.ProjectIamMember(
                stack.tf,
                f"owner-{owner}-{slug(role)}",
                project=context.names.project_id,
                role=role,
                member=f"group:{group}",
            )
        if context.safety.standing_access == "readWrite":
            # To deploy a revision is to act as the identity that it runs as.
            google.service_account_iam_member.ServiceAccountIamMember(
                stack.tf,
                f"owner-{owner}-acts-as-workload",
                service_account_id=workload.name,
                role="roles/iam.serviceAccountUser",
                member=f"group:{group}",
            )


def _operator(stack: StackScope) -> Export | None:
    """Whom people become to write to the database: by itself it may only log in, and stack `access` says who and when."""
    if not stack.context.has_operator:
        return None
    operator = service_account.new(
        stack.tf,
        "operator",
        service_account.Config(
            project_id=stack.context.names.project_id,
            account_id=stack.context.names.operator_account_id,
            display_name="Writes to the database for people who are allowed to for a while",
            roles=DATABASE_LOGIN_ROLES,
        ),
    )
    return stack.export("operator_unique_id", operator.unique_id, "Number of the account that writes to the database")


def _scheduler(stack: StackScope) -> Export | None:
    if stack.context.environment.schedule is None:
        return None
    scheduler = service_account.new(
        stack.tf,
        "scheduler",
        service_account.Config(
            project_id=stack.context.names.project_id,
            account_id=stack.context.names.scheduler_account_id,
            display_name="Starts the job on its schedule",
        ),
    )
    return stack.export("scheduler_email", scheduler.email, "Service account that starts the job")


def _invoker(stack: StackScope, workload: str) -> Export | None:
    """As whom Pub/Sub and Cloud Tasks call the service. Who makes a task says so, and must be allowed to."""
    context = stack.context
    if not context.is_called_by_google:
        return None
    invoker = service_account.new(
        stack.tf,
        "invoker",
        service_account.Config(
            project_id=context.names.project_id,
            account_id=context.names.invoker_account_id,
            display_name="Calls the service for Pub/Sub and Cloud Tasks",
        ),
    )
    if context.environment.resources.queues:
        google.service_account_iam_member.ServiceAccountIamMember(
            stack.tf,
            "workload-acts-as-invoker",
            service_account_id=invoker.name,
            role="roles/iam.serviceAccountUser",
            member=workload,
        )
    return stack.export("invoker_email", invoker.email, "Service account that calls the service")


def _diagnostics_secret(stack: StackScope, workload: str, kms_key: str | None) -> Export:
    """The bearer token of `/-/healthz`: made by Terraform, seen by nobody."""
    random.provider.RandomProvider(stack.tf, "random")
    value = stack.ephemeral("random_password", "diagnostics", {"length": 48, "special": False})
    created = secret.new(
        stack.tf,
        "secret-diagnostics",
        secret.Config(
            project_id=stack.context.names.project_id,
            secret_id=DIAGNOSTICS_SECRET_ID,
            region=stack.context.region,
            readers={"workload": workload},
            ephemeral_value=value.attribute("result"),
            lifecycle=stack.lifecycle,
            kms_key=kms_key,
        ),
    )
    return stack.export("diagnostics_secret", created.id, "Secret that opens the diagnostics endpoints")


def _declared_secrets(stack: StackScope, workload: str, kms_key: str | None) -> None:
    context = stack.context
    adders = {}
    if context.safety.standing_access == "readWrite":
        adders = {owner: f"group:{group}" for owner, group in context.owner_groups.items()}
    for reference in declared_secrets(context.environment):
        if reference.project is not None:
            secret.grant(
                stack.tf,
                # Project ids have no underscore, so this is one address for one secret.
                f"secret-{reference.project}__{reference.secret}-reader-workload",
                reference.project,
                reference.secret,
                secret.READ,
                workload,
            )
            continue
        secret.new(
            stack.tf,
            f"secret-{reference.secret}",
            secret.Config(
                project_id=context.names.project_id,
                secret_id=reference.secret,
                region=context.region,
                readers={"workload": workload},
                version_adders=adders,
                lifecycle=stack.lifecycle,
                kms_key=kms_key,
            ),
        )


def _audit_logs(stack: StackScope) -> None:
    """Beside the access that they record, because the same people review both."""
    context = stack.context
    audit_logs.new(
        stack.tf,
        "audit",
        audit_logs.Config(
            project_id=context.names.project_id,
            region=context.region,
            data_access=context.safety.data_access_logs,
            # By name, because a filter is text to Cloud Logging: the account needn't be there first.
            workload_email=context.names.workload_email,
            workload_database_user=context.names.workload_db_user,
            retention_days=context.safety.log_retention_days,
            audit_retention_days=context.safety.audit_retention_days,
            audit_locked=context.safety.audit_locked,
            lifecycle=stack.lifecycle,
        ),
    )

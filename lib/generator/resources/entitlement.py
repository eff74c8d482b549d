"""An entitlement of Privileged Access Manager: who may ask for which roles on the project, for how long, and who agrees.

Blocks that say nothing are left out rather than null: the provider would show a difference at every plan.
Source: https://cloud.google.com/iam/docs/pam-create-entitlements
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google

pam = google.privileged_access_manager_entitlement

LOCATION = "global"


@dataclass(frozen=True)
class Config:
    project_id: str
    entitlement_id: str
    requesters: Sequence[str]
    """IAM principals."""
    roles: Mapping[str, str | None]
    """Role -> the condition under which it holds (CEL), None where it holds on the whole project."""
    max_minutes: int
    approvers: Sequence[str]
    """IAM principals, one of whom has to approve; empty where nobody has to."""
    notify: Sequence[str]
    """Addresses that are told of every grant."""


def new(scope: Construct, id: str, config: Config) -> None:
    pam.PrivilegedAccessManagerEntitlement(
        scope,
        id,
        parent=f"projects/{config.project_id}",
        location=LOCATION,
        entitlement_id=config.entitlement_id,
        max_request_duration=f"{config.max_minutes * 60}s",
        eligible_users=[pam.PrivilegedAccessManagerEntitlementEligibleUsers(principals=list(config.requesters))],
        privileged_access=pam.PrivilegedAccessManagerEntitlementPrivilegedAccess(
            gcp_iam_access=pam.PrivilegedAccessManagerEntitlementPrivilegedAccessGcpIamAccess(
                resource=f"//cloudresourcemanager.googleapis.com/projects/{config.project_id}",
                resource_type="cloudresourcemanager.googleapis.com/Project",
                role_bindings=[
                    pam.PrivilegedAccessManagerEntitlementPrivilegedAccessGcpIamAccessRoleBindings(
                        role=role, condition_expression=condition
                    )
                    for role, condition in sorted(config.roles.items())
                ],
            )
        ),
        requester_justification_config=pam.PrivilegedAccessManagerEntitlementRequesterJustificationConfig(
            unstructured=pam.PrivilegedAccessManagerEntitlementRequesterJustificationConfigUnstructured()
        ),
        approval_workflow=_approval(config) if config.approvers else None,
        additional_notification_targets=(
            pam.PrivilegedAccessManagerEntitlementAdditionalNotificationTargets(
                admin_email_recipients=list(config.notify)
            )
            if config.notify
            else None
        ),
        # Google answers with an empty approval where there is none, and our provider would take it away
        # at every plan (github.com/hashicorp/terraform-provider-google/issues/28070).
        lifecycle=None if config.approvers else core.TerraformResourceLifecycle(ignore_changes=["approval_workflow"]),
    )


def _approval(config: Config) -> pam.PrivilegedAccessManagerEntitlementApprovalWorkflow:
    return pam.PrivilegedAccessManagerEntitlementApprovalWorkflow(
        manual_approvals=pam.PrivilegedAccessManagerEntitlementApprovalWorkflowManualApprovals(
            require_approver_justification=True,
            steps=[
                pam.PrivilegedAccessManagerEntitlementApprovalWorkflowManualApprovalsSteps(
                    # The only number that Google supports.
                    approvals_needed=1,
                    approvers=pam.PrivilegedAccessManagerEntitlementApprovalWorkflowManualApprovalsStepsApprovers(
                        principals=list(config.approvers)
                    ),
                )
            ],
        )
    )

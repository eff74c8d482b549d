"""A service account that workflows of one GitHub repository may act as: by their own tokens, without any key."""

from __future__ import annotations

from dataclasses import dataclass

from constructs import Construct

from generator.engine import google
from spec.names import CI_POOL_ID, CI_PROVIDER_ID

ISSUER = "https://token.actions.githubusercontent.com"

MAPPING = {
    "google.subject": "assertion.sub",
    "attribute.repository_id": "assertion.repository_id",
}
"""Source: https://docs.github.com/en/actions/reference/security/oidc"""


@dataclass(frozen=True)
class Config:
    project_id: str
    account: str
    """Full name of the service account."""
    repository: str
    repository_id: str
    ref: str


@dataclass(frozen=True)
class Output:
    provider: str
    """Full name of the provider, which the workflow signs in at."""


def new(scope: Construct, id: str, config: Config) -> Output:
    pool = google.iam_workload_identity_pool.IamWorkloadIdentityPool(
        scope,
        f"{id}-pool",
        project=config.project_id,
        workload_identity_pool_id=CI_POOL_ID,
        display_name="Releases from CI",
    )
    providers = google.iam_workload_identity_pool_provider
    provider = providers.IamWorkloadIdentityPoolProvider(
        scope,
        f"{id}-provider",
        project=config.project_id,
        workload_identity_pool_id=pool.workload_identity_pool_id,
        workload_identity_pool_provider_id=CI_PROVIDER_ID,
        display_name="GitHub Actions",
        attribute_mapping=MAPPING,
        attribute_condition=condition(config.repository, config.repository_id, config.ref),
        oidc=providers.IamWorkloadIdentityPoolProviderOidc(issuer_uri=ISSUER),
    )
    google.service_account_iam_member.ServiceAccountIamMember(
        scope,
        f"{id}-acts-as-account",
        service_account_id=config.account,
        role="roles/iam.workloadIdentityUser",
        member=f"principalSet://iam.googleapis.com/{pool.name}/attribute.repository_id/{config.repository_id}",
    )
    return Output(provider=provider.name)


def condition(repository: str, repository_id: str, ref: str) -> str:
    """Which tokens are taken: of this repository and no later one of its name, of this branch.

    A workflow on `pull_request_target` bears the branch's name while it may run a stranger's code.
    """
    return (
        f"assertion.repository == '{repository}' && assertion.repository_id == '{repository_id}'"
        f" && assertion.ref == '{ref}' && assertion.event_name != 'pull_request_target'"
    )

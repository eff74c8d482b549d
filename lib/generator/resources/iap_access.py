"""Who gets through Identity-Aware Proxy at a load balancer's backend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from constructs import Construct

from generator.engine import google
from generator.resources.ids import slug

ROLE = "roles/iap.httpsResourceAccessor"


@dataclass(frozen=True)
class Config:
    project_id: str
    backend_service: str
    """Name of the backend service that the proxy stands before."""
    members: Sequence[str]
    """IAM members; nobody else gets through."""


def new(scope: Construct, id: str, config: Config) -> None:
    for member in config.members:
        google.iap_web_backend_service_iam_member.IapWebBackendServiceIamMember(
            scope,
            f"{id}-{slug(member)}",
            project=config.project_id,
            web_backend_service=config.backend_service,
            role=ROLE,
            member=member,
        )

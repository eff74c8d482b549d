"""What other stacks know of an environment, said without asking Terraform: by its name where that is certain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from generator.context import Context
from generator.resources.container import SecretValue
from generator.stacks.contract import References
from generator.stacks.data import REDIS_CA_SECRET_ID
from generator.stacks.iam import DIAGNOSTICS_SECRET_ID

Unknown = Literal[
    "database_private_ip", "redis_endpoint", "redis_ca_certificates", "service_url", "iap_audience_prefix"
]
"""What Terraform alone knows."""


def by_name(context: Context, unknown: Callable[[Unknown], str]) -> References:
    """`unknown` says what stands for a value that Terraform alone knows."""
    names = context.names
    secrets = f"projects/{names.project_id}/secrets"
    certificates: str | SecretValue | None = None
    if context.has_redis:
        by_secret = context.rollout is not None
        certificates = (
            SecretValue(f"{secrets}/{REDIS_CA_SECRET_ID}") if by_secret else unknown("redis_ca_certificates")
        )
    return References(
        diagnostics_secret=f"{secrets}/{DIAGNOSTICS_SECRET_ID}",
        database_connection_name=(
            f"{names.project_id}:{names.region}:{names.database_instance}" if context.has_postgres else None
        ),
        database_private_ip=unknown("database_private_ip") if context.has_postgres else None,
        redis_endpoint=unknown("redis_endpoint") if context.has_redis else None,
        redis_ca_certificates=certificates,
        invoker_email=names.invoker_email if context.is_called_by_google else None,
        service_url=unknown("service_url") if context.is_called_by_google else None,
        iap_audience_prefix=unknown("iap_audience_prefix") if context.has_iap else None,
    )

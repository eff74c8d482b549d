"""Records in a Cloud DNS zone that the organisation already has, usually in another project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google

TTL_SECONDS = 300


@dataclass(frozen=True)
class Config:
    project_id: str
    managed_zone: str
    name: str
    """Fully qualified, with the closing dot, or a reference to one."""
    type: str
    values: Sequence[str]
    lifecycle: core.TerraformResourceLifecycle | None


def new(scope: Construct, id: str, config: Config) -> None:
    google.dns_record_set.DnsRecordSet(
        scope,
        id,
        project=config.project_id,
        managed_zone=config.managed_zone,
        name=config.name,
        type=config.type,
        ttl=TTL_SECONDS,
        rrdatas=list(config.values),
        lifecycle=config.lifecycle,
    )

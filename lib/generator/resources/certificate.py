"""A certificate that Google issues and renews, proved by DNS: it is ready before the first request is routed."""

from __future__ import annotations

from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google
from generator.resources import dns


@dataclass(frozen=True)
class Config:
    project_id: str
    name: str
    dns_name: str
    zone_project: str
    managed_zone: str
    lifecycle: core.TerraformResourceLifecycle | None


@dataclass(frozen=True)
class Output:
    map_reference: str
    """As a load balancer's proxy wants it."""


def new(scope: Construct, id: str, config: Config) -> Output:
    authorization = google.certificate_manager_dns_authorization.CertificateManagerDnsAuthorization(
        scope, f"{id}-authorization", project=config.project_id, name=config.name, domain=config.dns_name
    )
    record = authorization.dns_resource_record.get(0)
    dns.new(
        scope,
        f"{id}-authorization-record",
        dns.Config(
            project_id=config.zone_project,
            managed_zone=config.managed_zone,
            name=record.name,
            type="CNAME",
            values=[record.data],
            lifecycle=config.lifecycle,
        ),
    )
    certificate = google.certificate_manager_certificate.CertificateManagerCertificate(
        scope,
        id,
        project=config.project_id,
        name=config.name,
        managed=google.certificate_manager_certificate.CertificateManagerCertificateManaged(
            domains=[config.dns_name], dns_authorizations=[authorization.id]
        ),
    )
    map = google.certificate_manager_certificate_map.CertificateManagerCertificateMap(
        scope, f"{id}-map", project=config.project_id, name=config.name
    )
    google.certificate_manager_certificate_map_entry.CertificateManagerCertificateMapEntry(
        scope,
        f"{id}-map-entry",
        project=config.project_id,
        name=config.name,
        map=map.name,
        hostname=config.dns_name,
        certificates=[certificate.id],
    )
    return Output(map_reference=f"//certificatemanager.googleapis.com/{map.id}")

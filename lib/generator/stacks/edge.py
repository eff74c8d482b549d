"""Stack `edge`: how the world reaches the service: name, certificate, load balancer, protection, and who gets through."""

from __future__ import annotations

from dataclasses import dataclass

from generator.context import Context
from generator.engine import core
from generator.resources import certificate, dns, iap_access, load_balancer, security_policy
from generator.stacks.scope import Export, StackScope
from spec.model import Domain
from spec.platform.organization import DnsZone

NAME = "edge"


@dataclass(frozen=True)
class Variables:
    domain: Domain
    zone: DnsZone
    run_name: Export


@dataclass(frozen=True)
class Outputs:
    ipv4: Export
    ipv6: Export


def build(app: core.App, context: Context, variables: Variables) -> Outputs:
    stack = StackScope(app, context, NAME)
    domain = variables.domain
    project_id = context.names.project_id
    name = context.names.service_name
    dns_name = domain.dns_name
    zone = variables.zone
    issued = certificate.new(
        stack.tf,
        "certificate",
        certificate.Config(
            project_id=project_id,
            name=name,
            dns_name=dns_name,
            zone_project=zone.project,
            managed_zone=zone.managed_zone,
            lifecycle=stack.lifecycle,
        ),
    )
    armor = None
    if context.safety.web_application_firewall:
        armor = security_policy.new(
            stack.tf,
            "firewall",
            security_policy.Config(
                project_id=project_id,
                name=name,
                requests_per_minute_per_client=domain.requests_per_minute_per_client,
            ),
        )
    balancer = load_balancer.new(
        stack.tf,
        "balancer",
        load_balancer.Config(
            project_id=project_id,
            name=name,
            region=context.region,
            run_service=stack.read(variables.run_name),
            certificate_map=issued.map_reference,
            security_policy=armor.id if armor else None,
            logging=domain.logging,
            iap=context.has_iap,
            lifecycle=stack.lifecycle,
        ),
    )
    if context.has_iap:
        iap_access.new(
            stack.tf,
            "iap",
            iap_access.Config(
                project_id=project_id,
                backend_service=balancer.backend_service_name,
                members=context.environment.authentication.members,
            ),
        )
    for kind, address in (("A", balancer.ipv4), ("AAAA", balancer.ipv6)):
        dns.new(
            stack.tf,
            f"record-{kind.lower()}",
            dns.Config(
                project_id=zone.project,
                managed_zone=zone.managed_zone,
                name=f"{dns_name}.",
                type=kind,
                values=[address],
                lifecycle=stack.lifecycle,
            ),
        )
    stack.local("dns_name", dns_name)
    stack.local("backend_service_id", balancer.backend_service_id)
    stack.local("url_map_id", balancer.url_map_id)
    return Outputs(
        ipv4=stack.export("ipv4", balancer.ipv4, "IPv4 address of the load balancer"),
        ipv6=stack.export("ipv6", balancer.ipv6, "IPv6 address of the load balancer"),
    )

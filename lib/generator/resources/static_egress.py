"""How everything in a subnetwork leaves for the Internet: Cloud NAT, by one reserved address or by Google's."""

from __future__ import annotations

from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google

MIN_PORTS, MAX_PORTS = 64, 4096
"""Connections of one instance to one destination; 1,000 instances with the least share the 64,512 of an address.
Source: https://cloud.google.com/nat/docs/ports-and-addresses"""


@dataclass(frozen=True)
class Config:
    project_id: str
    name: str
    region: str
    network_id: str
    subnetwork_id: str
    keep_address: bool
    lifecycle: core.TerraformResourceLifecycle | None
    """Others have the address on their lists, so it is guarded like data."""


@dataclass(frozen=True)
class Output:
    address: str | None


def new(scope: Construct, id: str, config: Config) -> Output:
    address = _address(scope, id, config) if config.keep_address else None
    router = google.compute_router.ComputeRouter(
        scope,
        f"{id}-router",
        project=config.project_id,
        region=config.region,
        name=config.name,
        network=config.network_id,
    )
    nat = google.compute_router_nat
    nat.ComputeRouterNat(
        scope,
        f"{id}-nat",
        project=config.project_id,
        region=config.region,
        name=config.name,
        router=router.name,
        nat_ip_allocate_option="AUTO_ONLY" if address is None else "MANUAL_ONLY",
        nat_ips=None if address is None else [address.self_link],
        source_subnetwork_ip_ranges_to_nat="LIST_OF_SUBNETWORKS",
        subnetwork=[
            nat.ComputeRouterNatSubnetwork(name=config.subnetwork_id, source_ip_ranges_to_nat=["ALL_IP_RANGES"])
        ],
        enable_dynamic_port_allocation=True,
        # Ports that grow with need and one mapping for all destinations exclude each other.
        enable_endpoint_independent_mapping=False,
        min_ports_per_vm=MIN_PORTS,
        max_ports_per_vm=MAX_PORTS,
        log_config=nat.ComputeRouterNatLogConfig(enable=True, filter="ERRORS_ONLY"),
    )
    return Output(address=None if address is None else address.address)


def _address(scope: Construct, id: str, config: Config) -> google.compute_address.ComputeAddress:
    return google.compute_address.ComputeAddress(
        scope,
        f"{id}-address",
        project=config.project_id,
        region=config.region,
        name=config.name,
        address_type="EXTERNAL",
        network_tier="PREMIUM",
        lifecycle=config.lifecycle,
    )

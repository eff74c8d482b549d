"""The environment's private network: a subnetwork for containers in each region, private access to Google's services.

A network is global: what is in one region reaches what is in another, and Cloud SQL behind its peering too
(https://cloud.google.com/sql/docs/postgres/private-ip#overview). `routing_mode` is about routes that routers learn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google
from generator.resources import static_egress
from generator.resources.ids import of_region
from generator.resources.network_ranges import DATASTREAM_RANGE, PEERING_RANGE, SUBNETWORK_RANGE, range_of


@dataclass(frozen=True)
class Config:
    project_id: str
    name: str
    region: str
    additional_regions: Sequence[str]
    """Where else the service runs; what Google manages is in `region` alone."""
    peer_google_services: bool
    """Peer with Google's service network (Cloud SQL's private addresses)."""
    memorystore_endpoints: bool
    """Let Memorystore put its endpoints into the subnetwork (Private Service Connect)."""
    egress_name: str | None
    """Let what leaves a region for the Internet leave by a translation called so; None where containers don't send it here."""
    static_egress: bool
    """By one address that is kept, called so too."""
    datastream_from: Sequence[str] | None
    """Google's projects whose Datastream may enter the network; None where there is no door for it at all."""
    lifecycle: core.TerraformResourceLifecycle | None


@dataclass(frozen=True)
class Output:
    network_id: str
    subnetwork_ids: Mapping[str, str]
    """By region, the home first."""
    egress_addresses: Mapping[str, str]
    """Likewise; empty where addresses change."""
    datastream_attachment: str | None


def new(scope: Construct, id: str, config: Config) -> Output:
    network = google.compute_network.ComputeNetwork(
        scope,
        id,
        project=config.project_id,
        name=config.name,
        auto_create_subnetworks=False,
        routing_mode="REGIONAL",
    )
    subnetworks = {
        region: _subnetwork(scope, of_region(f"{id}-subnetwork", region, config.region), config, network.id, region)
        for region in (config.region, *config.additional_regions)
    }
    if config.peer_google_services:
        _peer_google_services(scope, id, config, network.id)
    if config.memorystore_endpoints:
        policy = google.network_connectivity_service_connection_policy
        policy.NetworkConnectivityServiceConnectionPolicy(
            scope,
            f"{id}-memorystore",
            project=config.project_id,
            name=f"{config.name}-memorystore",
            location=config.region,
            service_class="gcp-memorystore",
            network=network.id,
            psc_config=policy.NetworkConnectivityServiceConnectionPolicyPscConfig(
                subnetworks=[subnetworks[config.region]]
            ),
        )
    attachment = None
    if config.datastream_from is not None:
        attachment = _door_for_datastream(scope, id, config, network.id, config.datastream_from)
    return Output(
        network_id=network.id,
        subnetwork_ids=subnetworks,
        egress_addresses=_egress(scope, id, config, network.id, subnetworks),
        datastream_attachment=attachment,
    )


def _subnetwork(scope: Construct, id: str, config: Config, network_id: str, region: str) -> str:
    return google.compute_subnetwork.ComputeSubnetwork(
        scope,
        id,
        project=config.project_id,
        name=config.name,
        region=region,
        network=network_id,
        ip_cidr_range=SUBNETWORK_RANGE if region == config.region else range_of(region),
        private_ip_google_access=True,
        log_config=_flow_logs(),
    ).id


def _egress(
    scope: Construct, id: str, config: Config, network_id: str, subnetworks: Mapping[str, str]
) -> dict[str, str]:
    """The translations, one a region: a router and its address belong to one. Region -> its address, if it is kept."""
    if config.egress_name is None:
        return {}
    made = {
        region: static_egress.new(
            scope,
            of_region(f"{id}-egress", region, config.region),
            static_egress.Config(
                project_id=config.project_id,
                name=config.egress_name,
                keep_address=config.static_egress,
                region=region,
                network_id=network_id,
                subnetwork_id=subnetwork_id,
                lifecycle=config.lifecycle,
            ),
        ).address
        for region, subnetwork_id in subnetworks.items()
    }
    return {region: address for region, address in made.items() if address is not None}


def _door_for_datastream(
    scope: Construct, id: str, config: Config, network_id: str, accepted: Sequence[str]
) -> str:
    """Datastream puts an interface of its own here, from which it also reaches what the network is peered with.

    A peering of Datastream's network would not do: peerings are not transitive, and Cloud SQL is behind another.
    Source: https://cloud.google.com/vpc/docs/about-private-service-connect-interfaces#connecting-to-workloads
    """
    subnetwork = google.compute_subnetwork.ComputeSubnetwork(
        scope,
        f"{id}-datastream",
        project=config.project_id,
        name=f"{config.name}-datastream",
        region=config.region,
        network=network_id,
        ip_cidr_range=DATASTREAM_RANGE,
        private_ip_google_access=True,
        log_config=_flow_logs(),
    )
    return google.compute_network_attachment.ComputeNetworkAttachment(
        scope,
        f"{id}-datastream-attachment",
        project=config.project_id,
        name=f"{config.name}-datastream",
        region=config.region,
        description="Where Datastream enters the network",
        connection_preference="ACCEPT_MANUAL",
        producer_accept_lists=list(accepted),
        subnetworks=[subnetwork.id],
    ).id


def _flow_logs() -> google.compute_subnetwork.ComputeSubnetworkLogConfig:
    return google.compute_subnetwork.ComputeSubnetworkLogConfig(
        aggregation_interval="INTERVAL_10_MIN", flow_sampling=0.5, metadata="INCLUDE_ALL_METADATA"
    )


def _peer_google_services(scope: Construct, id: str, config: Config, network_id: str) -> None:
    address, prefix_length = PEERING_RANGE
    peering = google.compute_global_address.ComputeGlobalAddress(
        scope,
        f"{id}-peering-range",
        project=config.project_id,
        name=f"{config.name}-google-services",
        purpose="VPC_PEERING",
        address_type="INTERNAL",
        address=address,
        prefix_length=prefix_length,
        network=network_id,
        lifecycle=config.lifecycle,
    )
    google.service_networking_connection.ServiceNetworkingConnection(
        scope,
        f"{id}-peering",
        network=network_id,
        service="servicenetworking.googleapis.com",
        reserved_peering_ranges=[peering.name],
        # Google holds on to the peering for days after the last database is gone; it goes with the network.
        deletion_policy="ABANDON",
    )

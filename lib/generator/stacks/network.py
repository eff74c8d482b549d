"""Stack `network`: the private network between the service's containers, its database and cache, and the Internet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.context import Context
from generator.engine import core
from generator.resources import private_network
from generator.stacks.scope import Export, StackScope

NAME = "network"


@dataclass(frozen=True)
class Variables:
    pass


@dataclass(frozen=True)
class Outputs:
    network_id: Export
    subnetwork_ids: Mapping[str, Export]
    """By region."""
    datastream_attachment: Export | None


def build(app: core.App, context: Context, variables: Variables) -> Outputs:
    stack = StackScope(app, context, NAME)
    network = private_network.new(
        stack.tf,
        "network",
        private_network.Config(
            project_id=context.names.project_id,
            name=context.names.network,
            region=context.region,
            additional_regions=context.regions[1:],
            peer_google_services=context.has_postgres,
            memorystore_endpoints=context.has_redis,
            egress_name=context.names.egress if context.leaves_through_network else None,
            static_egress=context.has_static_egress,
            datastream_from=_datastream_from(context),
            lifecycle=stack.lifecycle,
        ),
    )
    if network.egress_addresses:
        stack.local("egress_address", network.egress_addresses[context.region])
    stack.local("network_id", network.network_id)
    stack.local("subnetwork_id", network.subnetwork_ids[context.region])
    if len(context.regions) > 1:
        stack.local("subnetwork_ids", dict(network.subnetwork_ids))
        if network.egress_addresses:
            stack.local("egress_addresses", dict(network.egress_addresses))
    return Outputs(
        network_id=stack.export("network_id", network.network_id, "The private network"),
        subnetwork_ids=stack.export_regions("subnetwork_id", network.subnetwork_ids, "The containers' subnetwork"),
        datastream_attachment=stack.export(
            "datastream_attachment", network.datastream_attachment, "Where Datastream enters the network"
        )
        if network.datastream_attachment is not None
        else None,
    )


def _datastream_from(context: Context) -> list[str] | None:
    """Nobody, until the spec names Datastream's project: it can't be known before the door is there."""
    if context.analytics is None:
        return None
    tenant = context.analytics.tenant_project
    return [tenant] if tenant is not None else []

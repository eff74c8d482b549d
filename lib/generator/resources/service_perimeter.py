"""A service perimeter around one project: which APIs it shuts, and who passes it.

The same words stand in `spec` while it only tells what it would refuse, and in `status` once it refuses.
Source: https://cloud.google.com/vpc-service-controls/docs/ingress-egress-rules
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from constructs import Construct

from generator.engine import google

PREFIX = "AccessContextManagerServicePerimeter"
FROM_ANYWHERE = "*"
WITHIN = "RESTRICTED-SERVICES"
"""From the networks inside, only what the perimeter shuts can be reached of Google's APIs."""


@dataclass(frozen=True)
class In:
    """identities: none is anybody. access_levels and projects: where from; none of both is from anywhere."""

    title: str
    identities: Sequence[str]
    services: Sequence[str]
    access_levels: Sequence[str] = ()
    projects: Sequence[str] = ()
    """`projects/<number>`"""


@dataclass(frozen=True)
class Out:
    title: str
    identities: Sequence[str]
    services: Sequence[str]
    projects: Sequence[str]
    """`projects/<number>`"""


@dataclass(frozen=True)
class Config:
    access_policy: str
    name: str
    title: str
    project: str
    """`projects/<number>`"""
    restricted_services: Sequence[str]
    ways_in: Sequence[In]
    ways_out: Sequence[Out]
    enforced: bool


def new(scope: Construct, id: str, config: Config) -> None:
    parent = f"accessPolicies/{config.access_policy}"
    google.access_context_manager_service_perimeter.AccessContextManagerServicePerimeter(
        scope,
        id,
        parent=parent,
        name=f"{parent}/servicePerimeters/{config.name}",
        title=config.title,
        perimeter_type="PERIMETER_TYPE_REGULAR",
        use_explicit_dry_run_spec=not config.enforced,
        status=_rules("Status", config) if config.enforced else None,
        spec=None if config.enforced else _rules("Spec", config),
    )


def _rules(part: str, config: Config) -> Any:
    return _make(
        part,
        resources=[config.project],
        restricted_services=list(config.restricted_services),
        vpc_accessible_services=_make(
            f"{part}VpcAccessibleServices", enable_restriction=True, allowed_services=[WITHIN]
        ),
        ingress_policies=[_in(part, way) for way in config.ways_in],
        egress_policies=[_out(part, way) for way in config.ways_out],
    )


def _in(part: str, way: In) -> Any:
    prefix = f"{part}IngressPolicies"
    sources = [{"resource": project} for project in way.projects] or [
        {"access_level": level} for level in way.access_levels or [FROM_ANYWHERE]
    ]
    return _make(
        prefix,
        title=way.title,
        ingress_from=_make(
            f"{prefix}IngressFrom",
            **_identities(way.identities),
            sources=[_make(f"{prefix}IngressFromSources", **source) for source in sources],
        ),
        ingress_to=_make(
            f"{prefix}IngressTo", resources=["*"], operations=_operations(f"{prefix}IngressTo", way.services)
        ),
    )


def _out(part: str, way: Out) -> Any:
    prefix = f"{part}EgressPolicies"
    return _make(
        prefix,
        title=way.title,
        egress_from=_make(f"{prefix}EgressFrom", **_identities(way.identities)),
        egress_to=_make(
            f"{prefix}EgressTo",
            resources=list(way.projects),
            operations=_operations(f"{prefix}EgressTo", way.services),
        ),
    )


def _identities(identities: Sequence[str]) -> dict[str, Any]:
    return {"identities": list(identities)} if identities else {"identity_type": "ANY_IDENTITY"}


def _operations(prefix: str, services: Sequence[str]) -> list[Any]:
    """All methods of the services; of all services at once there are no methods to name."""
    return [
        _make(
            f"{prefix}Operations",
            service_name=service,
            method_selectors=None
            if service == "*"
            else [_make(f"{prefix}OperationsMethodSelectors", method="*")],
        )
        for service in services
    ]


def _make(name: str, **arguments: Any) -> Any:
    return getattr(google.access_context_manager_service_perimeter, f"{PREFIX}{name}")(**arguments)

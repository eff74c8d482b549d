"""A region that comes or goes touches what is in it, and of the rest only what has to know of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.testing import rendered

REGIONS = ["europe-west1", "us-central1", "asia-east1", "europe-west4"]
ENVIRONMENT: dict[str, Any] = {
    "tier": "external",
    "region": "europe-west1",
    "egress": "static",
    "authentication": {"type": "public"},
    "domain": {"zone": "acme.example", "subdomain": "sample"},
    "instances": {"scaling": {"maxCount": 10}},
    "env": {"WHERE": "in {{ region }}"},
    "secretEnv": {"TOKEN": "token"},
    "resources": {
        "postgres": {"databases": ["sample"], "maxConnections": 200},
        "buckets": [{"name": "files"}],
        "queues": [{"name": "mail"}],
        "topics": [{"name": "orders"}],
    },
}

TOLD = {
    "edge/google_compute_backend_service/balancer-backend": {"backend", "outlier_detection"},
    "monitoring/google_monitoring_dashboard/dashboard": {"dashboard_json"},
    "delivery/google_clouddeploy_target/pipeline-target-dev": {"require_approval", "deploy_parameters"},
    "delivery/google_clouddeploy_target/pipeline-target-dev-regions": {"multi_target"},
    "delivery/google_clouddeploy_delivery_pipeline/pipeline": {"serial_pipeline"},
}
"""What has to know of a region that is not its own -> the arguments that say so. Alerts and PGPOOLSIZE besides."""

Made = dict[str, dict[str, Any]]
"""`stack/type/name` -> the resource."""


def made(root: Path, additional: list[str], *, rollout: bool) -> Made:
    rendered.activate()
    from generator.generate import synthesize_stacks
    from generator.terraform.canonical import canonicalise

    spec = rendered.sample("service", {}, {**ENVIRONMENT, "additionalRegions": additional})
    if rollout:
        rendered.extend(spec, {"rollout": {"stages": [{"environment": "dev"}]}}, root)
    fleet = rendered.load(spec, root, {"regions": {"default": "europe-west1", "allowed": REGIONS}})
    assert [found.render() for found in fleet.diagnostics] == [] and fleet.platform is not None
    stacks = synthesize_stacks(fleet.services, fleet.platform)["sample"]["dev"]
    return {
        f"{stack}/{kind}/{name}": body
        for stack, content in stacks.items()
        for kind, by_name in json.loads(canonicalise(content, origin="here"))["resource"].items()
        for name, body in by_name.items()
    }


def changed(one: Made, other: Made) -> Iterator[tuple[str, str]]:
    """(address, argument) of each difference between what both have."""
    for address in sorted(one.keys() & other.keys()):
        before, after = one[address], other[address]
        yield from ((address, name) for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name))


def must_not_change(address: str, argument: str, one: Made, other: Made) -> bool:
    if argument in TOLD.get(address, set()) or address.startswith("monitoring/google_monitoring_alert_policy/"):
        return False
    if address.startswith("run/google_cloud_run_v2_service/"):
        return without_pool(one[address]) != without_pool(other[address])
    return True


def without_pool(service: dict[str, Any]) -> dict[str, Any]:
    """The service without the number of connections that each instance may hold."""
    copy: dict[str, Any] = json.loads(json.dumps(service))
    for container in copy["template"]["containers"]:
        container["env"] = [variable for variable in container["env"] if variable["name"] != "PGPOOLSIZE"]
    return copy


@pytest.mark.parametrize("rollout", [False, True], ids=["by hand", "by releases"])
def test_a_second_region_changes_no_address(tmp_path: Path, rollout: bool) -> None:
    """Nothing that one region had is destroyed, moved or made anew when it gets company."""
    single, several = made(tmp_path, [], rollout=rollout), made(tmp_path, ["us-central1"], rollout=rollout)
    assert single.keys() <= several.keys()
    assert [place for place in changed(single, several) if must_not_change(*place, single, several)] == []


@pytest.mark.parametrize("rollout", [False, True], ids=["by hand", "by releases"])
def test_another_region_touches_its_own_resources_alone(tmp_path: Path, rollout: bool) -> None:
    """Wherever in the list it stands: what comes is what goes, so this is about leaving one too."""
    two = made(tmp_path, ["us-central1", "europe-west4"], rollout=rollout)
    three = made(tmp_path, ["us-central1", "asia-east1", "europe-west4"], rollout=rollout)
    assert two.keys() <= three.keys()
    assert all("asia-east1" in address for address in three.keys() - two.keys())
    assert [place for place in changed(two, three) if must_not_change(*place, two, three)] == []


def test_each_region_has_the_same(tmp_path: Path) -> None:
    """What a further region has is what the home has of that kind; nothing is forgotten in one of them."""
    several = made(tmp_path, ["us-central1"], rollout=False)
    further = {address for address in several if "us-central1" in address}
    assert {address.replace("-us-central1", "") for address in further} <= several.keys()
    assert {address.split("/")[1] for address in further} == {
        "google_cloud_run_v2_service",
        "google_cloud_run_v2_service_iam_member",
        "google_compute_address",
        "google_compute_region_network_endpoint_group",
        "google_compute_router",
        "google_compute_router_nat",
        "google_compute_subnetwork",
    }


def test_what_keeps_data_is_in_the_home(tmp_path: Path) -> None:
    for address, body in made(tmp_path, ["us-central1"], rollout=False).items():
        if address.startswith(("data/", "messaging/", "iam/")):
            assert "us-central1" not in json.dumps(body), address

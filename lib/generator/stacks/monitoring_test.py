"""What every stack `monitoring` of the golden fleet has to be, beyond what single cases say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
from spec.alerts.active import active_alerts
from spec.alerts.recipients import MAX_RECIPIENTS, recipients, told
from spec.loader import Fleet, load_fleet

from generator.context import Context
from generator.docs.anchors import slug
from generator.testing import rendered

Stack = dict[str, Any]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fleet")


@pytest.fixture(scope="module")
def fleet(root: Path) -> Fleet:
    rendered.activate()
    return load_fleet(Path("platform.yaml"), rendered.golden_fleet(root), root)


@pytest.fixture(scope="module")
def made(fleet: Fleet, root: Path) -> dict[str, bytes]:
    from generator.generate import generate
    from generator.terraform.schema import load_schema

    found = generate(fleet, root, load_schema(rendered.activate() / "schema.json"))
    assert found.diagnostics == ()
    return dict(found.files)


@pytest.fixture(scope="module")
def stacks(made: dict[str, bytes]) -> dict[str, Stack]:
    """`<service>/<environment>` → its stack."""
    return {
        path.removesuffix("/monitoring/cdk.tf.json"): json.loads(content)
        for path, content in made.items()
        if path.endswith("/monitoring/cdk.tf.json")
    }


def policies(stack: Stack) -> dict[str, Any]:
    found: dict[str, Any] = stack["resource"]["google_monitoring_alert_policy"]
    return found


def read_back(text: str) -> str:
    """Text as Terraform reads it."""
    return text.replace("$${", "${").replace("%%{", "%{")


def charts(stack: Stack) -> Iterator[str]:
    dashboard = json.loads(read_back(stack["resource"]["google_monitoring_dashboard"]["dashboard"]["dashboard_json"]))
    for tile in dashboard["mosaicLayout"]["tiles"]:
        for data in tile["widget"].get("xyChart", {}).get("dataSets", ()):
            yield data["timeSeriesQuery"]["prometheusQuery"]


def contexts(fleet: Fleet) -> list[Context]:
    assert fleet.platform is not None
    return [
        Context.of(service.spec, environment, fleet.platform)
        for service in fleet.services
        for environment in service.spec.environments
    ]


def test_every_environment_is_watched(stacks: dict[str, Stack], fleet: Fleet) -> None:
    assert sorted(stacks) == sorted(f"{one.spec.service.id}/{one.environment.id}" for one in contexts(fleet))


def test_every_query_parses(stacks: dict[str, Stack]) -> None:
    for stack in stacks.values():
        for policy in policies(stack).values():
            promql_parser.parse(read_back(policy["conditions"][0]["condition_prometheus_query_language"]["query"]))
        for query in charts(stack):
            promql_parser.parse(query)


def test_every_alert_is_routed(stacks: dict[str, Stack]) -> None:
    """Somebody is told of each, by channels that exist, and no more than one policy takes."""
    for stack in stacks.values():
        there = {
            f"${{google_monitoring_notification_channel.{name}.name}}"
            for name in stack["resource"]["google_monitoring_notification_channel"]
        }
        for policy in policies(stack).values():
            channels = policy["notification_channels"]
            assert 1 <= len(channels) <= MAX_RECIPIENTS
            assert {channel for channel in channels if channel.startswith("${")} <= there


def test_one_condition_each(stacks: dict[str, Stack]) -> None:
    """Cloud Monitoring takes no second condition beside one in PromQL."""
    for stack in stacks.values():
        assert {len(policy["conditions"]) for policy in policies(stack).values()} == {1}


def test_what_people_read_is_within_limits(stacks: dict[str, Stack]) -> None:
    """https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies"""
    for stack in stacks.values():
        for policy in policies(stack).values():
            assert len(policy["display_name"]) <= 512
            assert len(policy["documentation"]["content"]) <= 8192
            assert len(policy["documentation"]["subject"].encode()) <= 255
            assert len(policy["documentation"]["links"]) <= 3
            assert all(len(value) <= 63 for value in policy["user_labels"].values())


def test_every_alert_has_its_entry_in_the_guide(made: dict[str, bytes], stacks: dict[str, Stack]) -> None:
    for place, stack in stacks.items():
        guide = made[f"{place.partition('/')[0]}/operations.md"].decode()
        anchors = {slug(text) for text in re.findall(r"^### (.*)$", guide, re.MULTILINE)}
        for policy in policies(stack).values():
            address = policy["documentation"]["links"][0]["url"]
            assert address.partition("#")[2] in anchors


def test_anchors_are_those_of_the_headings(fleet: Fleet) -> None:
    for context in contexts(fleet):
        assert all(slug(alert.heading) == alert.anchor for alert in active_alerts(context.names))


def test_tiles_of_a_dashboard_do_not_overlap(stacks: dict[str, Stack]) -> None:
    for stack in stacks.values():
        text = stack["resource"]["google_monitoring_dashboard"]["dashboard"]["dashboard_json"]
        tiles = [tile for tile in json.loads(text)["mosaicLayout"]["tiles"] if "collapsibleGroup" not in tile["widget"]]
        cells = [
            (x, y)
            for tile in tiles
            for x in range(tile.get("xPos", 0), tile.get("xPos", 0) + tile["width"])
            for y in range(tile.get("yPos", 0), tile.get("yPos", 0) + tile["height"])
        ]
        assert len(cells) == len(set(cells))
        assert max(x for x, _ in cells) < 48


def test_pagers_are_told_of_pages_alone(fleet: Fleet) -> None:
    for context in contexts(fleet):
        roles = {severity: {one.role for one in told(context.names, severity)} for severity in ("page", "warn")}
        assert ("pager" in roles["page"]) == context.safety.paging
        assert "pager" not in roles["warn"]
        assert {"chat", "email"} & roles["warn"]


def test_no_address_is_told_twice_in_one_role(fleet: Fleet) -> None:
    for context in contexts(fleet):
        addresses = [(one.role, one.address) for one in recipients(context.names)]
        assert len(addresses) == len(set(addresses))

"""The invariants hold for every tier with every resource, every way to deploy, and all kinds: one by one, and all."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from generator.testing import rendered
from generator.testing.invariants import Made, violations
from generator.testing.stack_changes import recovered_schema
from spec.findings import Keys
from spec.model import ServiceSpec
from spec.workloads import Kind
from spec.shapes import key_at, shape_at

TIERS = ("test", "internal", "external")
DEPLOYMENTS = ("manual", "subscription", "rollout")
DIGEST = "sha256:" + "0" * 64

FEATURES: dict[str, dict[str, Any]] = {
    "postgres": {"resources": {"postgres": {"databases": ["main"], "analytics": {"publications": [{"name": "core", "database": "main", "tables": ["users"]}], "tenantProject": "d7c3726edb939bf87p-tp"}}}},
    "redis": {"resources": {"redis": {}}},
    "bigquery": {"resources": {"bigquery": {"tables": ["events"]}}},
    "buckets": {"resources": {"buckets": [{"name": "uploads"}]}},
    "topics": {"resources": {"topics": [{"name": "orders"}]}},
    "subscriptions": {"resources": {"topics": [{"name": "orders"}], "subscriptions": [{"name": "orders", "topic": "orders"}]}},
    "queues": {"resources": {"queues": [{"name": "mail"}]}},
    "authorization": {"resources": {"authorization": {"model": "authorization.fga"}}},
    "secrets": {"secretEnv": {"TOKEN": "token", "SHARED": "projects/acme-shared/secrets/shared@3"}},
    "egress": {"egress": "static"},
    "domain": {"authentication": {"type": "public"}, "domain": {"zone": "acme.example", "subdomain": "sample"}},
    "callers": {"authentication": {"type": "invokers", "invokers": ["group:staff@acme.example"]}, "ingress": "all"},
    "schedule": {"schedule": {"cron": "15 3 * * *"}},
}  # fmt: skip
"""What an environment may have besides a container."""

KINDS: tuple[str, ...] = get_args(Kind)


def fits(kind: str, feature: str) -> bool:
    """Whether a workload of this kind may have the feature: the model says so of its keys."""
    keys = [path for path, _ in _written(FEATURES[feature], ("environments", 0))]
    only = [key.only for path in keys if (key := key_at(ServiceSpec, path)) is not None]
    return all(not kinds or kind in kinds for kinds in only)


def _written(value: Any, path: Keys) -> Iterator[tuple[Keys, Any]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in below:
        yield (*path, key), item
        yield from _written(item, (*path, key))


def sets(kind: str) -> dict[str, list[str]]:
    """Nothing, each feature alone, and all that go together."""
    names = [name for name in FEATURES if fits(kind, name)]
    return {"nothing": [], **{name: [name] for name in names}, "all": [name for name in names if name != "callers"]}


CASES = [
    pytest.param(kind, deployment, names, id=f"{kind}-{deployment}-{title}")
    for kind in KINDS
    for deployment in DEPLOYMENTS
    for title, names in sets(kind).items()
]


def test_every_resource_is_a_feature() -> None:
    shape = shape_at(ServiceSpec, ("environments", 0, "resources"))
    assert shape is not None
    assert {key.name for key in shape.keys} - FEATURES.keys() == set()


@pytest.mark.parametrize(("kind", "deployment", "names"), CASES)
def test_invariants_hold(kind: str, deployment: str, names: list[str], tmp_path: Path) -> None:
    rendered.activate()
    from generator.generate import generate

    spec = rendered.sample(kind, {}, {})
    (first,) = spec.pop("environments")
    spec["environments"] = [_environment(first, tier, deployment, names) for tier in TIERS]
    folder = tmp_path / "services/sample"
    folder.mkdir(parents=True)
    if deployment == "rollout":
        stages = [{"environment": one["id"]} for one in spec["environments"]]
        spec["rollout"] = {"initialImage": DIGEST, "stages": stages}
    if deployment == "subscription":
        image = "europe-west1-docker.pkg.dev/acme-artifacts/services/sample"
        images = {one["id"]: {"repository": image, "tag": "main", "digest": DIGEST} for one in spec["environments"]}
        (folder / "images.lock.yaml").write_text(yaml.safe_dump({"images": images}))
    if "bigquery" in names:
        (folder / "bigquery").mkdir()
        (folder / "bigquery/events.json").write_text('[{"name": "id", "type": "STRING"}]')
    fleet = rendered.load(spec, tmp_path)
    assert [found.render() for found in fleet.diagnostics] == []
    assert fleet.platform is not None
    made = generate(fleet, tmp_path, recovered_schema())
    assert [found.render() for found in made.diagnostics] == []
    assert violations(Made.of(fleet.services[0].spec, fleet.platform, made.files)) == []


def _environment(first: dict[str, Any], tier: str, deployment: str, names: list[str]) -> dict[str, Any]:
    environment = copy.deepcopy(first)
    environment |= {"id": tier, "projectId": f"sample-{tier}-1f3a", "tier": tier}
    environment["deploy"] = {
        "manual": {"type": "manual", "digest": DIGEST},
        "subscription": {"type": "subscription", "tag": "main"},
        "rollout": {"type": "rollout"},
    }[deployment]
    for name in names:
        feature = copy.deepcopy(FEATURES[name])
        environment.setdefault("resources", {}).update(feature.pop("resources", {}))
        environment.update(feature)
    if "domain" in environment:
        environment["domain"]["subdomain"] = f"sample-{tier}"
    return environment

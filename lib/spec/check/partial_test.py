"""What of an invalid section can be used all the same."""

from __future__ import annotations

from typing import Any

import pytest

from spec.check import check
from spec.check.partial import MISSING, Unknown
from spec.document import parse
from spec.model import ServiceSpec
from spec.model.tiered import plain

SPEC = """
service:
  id: thing
  owners: [identity, 7]
environments:
  - id: dev
    tier: nonsense
    instances: {cpu: 1, memory: 512Mi, scaling: {minCount: {value: x, reason: short}}}
    env: {A: b, C: 1, "bad name": d}
    secretVolumes: {v: {mountPath: /a/b}}
    healthProbes: {timeoutSeconds: 0}
    resources: {postgres: {databases: [a], cpu: 2}}
    domain:
  - just text
"""


@pytest.fixture
def spec() -> ServiceSpec:
    root, problems = parse(SPEC.encode())
    assert root is not None
    assert problems == []
    checked = check(ServiceSpec, root)
    assert not checked.is_whole
    return checked.value


def test_what_is_right_is_there(spec: ServiceSpec) -> None:
    environment = spec.environments[0]
    assert spec.service.id == "thing"
    assert spec.service.kind == "service", "defaults too"
    assert spec.build.image is None
    assert spec.service.owners[0] == "identity"
    assert environment.id == "dev"
    assert environment.instances.cpu == 1
    assert environment.instances.scaling.max_count == 5
    assert environment.env == {"A": "b"}
    assert environment.secret_volumes["v"].mount_path == "/a/b"
    assert environment.domain is None, "an empty key counts as absent"
    assert environment.resources.postgres is not None
    assert environment.resources.postgres.cpu == 2
    assert environment.resources.postgres.version == 17
    assert "id" in environment.model_fields_set
    assert "ingress" not in environment.model_fields_set


def test_what_is_wrong_is_missing(spec: ServiceSpec) -> None:
    environment: Any = spec.environments[0]
    for value in (
        spec.service.description,
        spec.service.owners[1],
        spec.environments[1],
        environment.project_id,
        environment.tier,
        environment.instances.scaling.min_count,
        environment.secret_volumes["v"].secret,
        environment.health_probes.timeout_seconds,
        environment.health_probes.startup_interval_seconds,
    ):
        assert value is MISSING
    assert plain(environment.instances.scaling.min_count) is MISSING


@pytest.mark.parametrize(
    "use",
    [
        lambda missing: missing.anything,
        lambda missing: missing["key"],
        lambda missing: missing == 1,
        lambda missing: missing != 1,
        lambda missing: missing < 1,
        lambda missing: 1 < missing,
        lambda missing: missing + 1,
        lambda missing: 2 * missing,
        lambda missing: bool(missing),
        lambda missing: not missing,
        lambda missing: len(missing),
        lambda missing: list(missing),
        lambda missing: str(missing),
        lambda missing: f"{missing}",
        lambda missing: {missing},
        lambda missing: {1: 2}[missing],
        lambda missing: missing in (1, 2),
        lambda missing: 1 in missing,
        lambda missing: missing(),
        lambda missing: int(missing),
    ],
)
def test_every_use_of_what_is_missing_ends_the_rule(use: Any) -> None:
    with pytest.raises(Unknown):
        use(MISSING)

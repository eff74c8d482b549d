"""Specs that come as near to every bound as they may: a rule that refuses one step too early refuses them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from spec.loader import LoadedService, load_fleet
from spec.model import HealthProbes

TESTDATA = Path(__file__).parent / "testdata"
FILES = sorted((TESTDATA / "bounds").glob("*.yaml"))


def load(file: Path, root: Path) -> LoadedService:
    path = root / yaml.safe_load(file.read_text())["service"]["id"] / "service.yaml"
    path.parent.mkdir()
    path.write_bytes(file.read_bytes())
    fleet = load_fleet(TESTDATA / "platform.yaml", [path], root)
    assert fleet.diagnostics == ()
    return fleet.services[0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_valid(file: Path, tmp_path: Path) -> None:
    load(file, tmp_path)


def test_probes_follow_their_timeout(tmp_path: Path) -> None:
    """As many startup failures as fit into Cloud Run's 240 seconds, ten at most."""
    first, second = load(TESTDATA / "bounds/service.yaml", tmp_path).spec.environments
    job = load(TESTDATA / "bounds/job.yaml", tmp_path).spec.environments[0]
    assert [
        (
            probes.timeout_seconds,
            probes.startup_interval_seconds,
            probes.startup_failure_threshold,
            probes.liveness_interval_seconds,
        )
        for probes in (first.health_probes, second.health_probes, job.health_probes)
    ] == [(24, 24, 10, 240), (240, 240, 1, 3600), (3, 3, 10, 30)]
    assert first.health_probes.startup_seconds == 240


def test_who_may_have_to_migrate_a_database_first_gets_all_the_time_that_there_is(tmp_path: Path) -> None:
    environment = load(TESTDATA / "valid/kitchen-sink-service.yaml", tmp_path).spec.environments[0]
    assert environment.resources.postgres is not None
    plain = HealthProbes.model_validate({"timeoutSeconds": 7})
    assert plain.startup_seconds == 70
    for declared, seconds in ((plain, 238), (HealthProbes.model_validate({"startupFailureThreshold": 4}), 12)):
        patient = environment.model_copy(update={"health_probes": declared})
        assert patient.probes.startup_seconds == seconds
    without = environment.model_copy(
        update={"health_probes": plain, "resources": environment.resources.model_copy(update={"postgres": None})}
    )
    assert without.probes.startup_seconds == 70


def test_oldest_terraform(tmp_path: Path) -> None:
    platform = tmp_path / "platform.yaml"
    text = (TESTDATA / "platform.yaml").read_text()
    platform.write_text(text.replace("1.11.4", "1.11.0"))
    assert load_fleet(platform, [], tmp_path).diagnostics == ()
    platform.write_text(text.replace("1.11.4", "1.10.9"))
    assert [found.code for found in load_fleet(platform, [], tmp_path).diagnostics] == ["terraform-too-old"]

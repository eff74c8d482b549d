"""A release of the generator reads the environments that it makes, whatever a newer spec says of the others."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from spec.diagnostics import has_errors
from spec.loader import Fleet, load_fleet

PLATFORM = Path(__file__).parent / "testdata" / "platform.yaml"

SPEC = """\
service:
  id: accounts
  description: Accounts.
  owners: [identity]
environments:
  - id: dev
    projectId: accounts-dev-1f3a
    tier: test
    deploy: {type: %(deploy)s%(image)s}
    instances: {cpu: 1, memory: 512Mi%(dev)s}
  - id: prod
    projectId: accounts-prod-1f3a
    tier: external
    deploy: {type: %(deploy)s%(image)s}
    instances: {cpu: 1, memory: 512Mi%(prod)s}
"""
DIGEST = "sha256:" + "0" * 64


def load(tmp_path: Path, tiers: set[str] | None, dev: str = "", prod: str = "", more: str = "", platform: str = "") -> Fleet:
    path = Path("services/accounts/service.yaml")
    (tmp_path / path.parent).mkdir(parents=True, exist_ok=True)
    pipeline = "rollout:" in more
    values = {"dev": dev, "prod": prod, "deploy": "rollout" if pipeline else "manual"}
    image = "" if pipeline else f', digest: "{DIGEST}"'
    (tmp_path / path).write_text(SPEC % {**values, "image": image} + textwrap.dedent(more))
    (tmp_path / "platform.yaml").write_text(PLATFORM.read_text(encoding="utf-8") + platform, encoding="utf-8")
    return load_fleet(Path("platform.yaml"), [path], tmp_path, tiers=None if tiers is None else frozenset(tiers))


@pytest.mark.parametrize("dev", [", turbo: true", ", executionEnvironment: gen3", ", requestTimeoutSeconds: 9000"])
def test_what_a_newer_version_allows_in_another_tier_is_none_of_its_business(tmp_path: Path, dev: str) -> None:
    assert has_errors(load(tmp_path, None, dev).diagnostics)
    fleet = load(tmp_path, {"external"}, dev)
    assert fleet.diagnostics == ()
    (service,) = fleet.services
    assert [environment.id for environment in service.spec.environments] == ["prod"]
    assert service.elsewhere == {"dev"}
    assert service.position(("environments", 0, "tier")).line == 13


def test_in_its_own_tier_it_is_as_strict_as_ever_and_names_the_place_in_the_file(tmp_path: Path) -> None:
    fleet = load(tmp_path, {"external"}, ", turbo: true", ", turbo: true")
    (found,) = fleet.diagnostics
    assert (found.severity, found.code, found.line, found.key) == (
        "error", "unknown-key", 15, "environments[1].instances.turbo",
    )  # fmt: skip
    assert fleet.services == ()


def test_a_key_of_the_whole_service_is_one_of_every_environment(tmp_path: Path) -> None:
    (found,) = load(tmp_path, {"external"}, more="build: {turbo: true}\n").diagnostics
    assert (found.severity, found.key) == ("error", "build.turbo")


def test_an_unknown_key_of_the_platform_is_left_out_with_a_warning(tmp_path: Path) -> None:
    assert has_errors(load(tmp_path, None, platform="turbo: true\n").diagnostics)
    fleet = load(tmp_path, {"external"}, platform="turbo: true\n")
    (found,) = fleet.diagnostics
    assert (found.severity, found.path, found.key) == ("warning", "platform.yaml", "turbo")
    assert fleet.platform is not None and len(fleet.services) == 1


def test_a_spec_without_such_an_environment_is_left_out(tmp_path: Path) -> None:
    fleet = load(tmp_path, {"internal"}, ", turbo: true")
    assert (fleet.services, fleet.diagnostics) == ((), ())


ROLLOUT = f"""\
rollout:
  initialImage: {DIGEST}
  stages: [{{environment: dev}}, {{environment: prod}}]
"""


def test_environments_of_a_pipeline_stay_with_it(tmp_path: Path) -> None:
    fleet = load(tmp_path, {"external"}, ", turbo: true", more=ROLLOUT)
    (found,) = fleet.diagnostics
    assert (found.severity, found.key) == ("warning", "environments[0].instances.turbo")
    (service,) = fleet.services
    assert [environment.id for environment in service.spec.environments] == ["dev", "prod"]
    assert service.elsewhere == frozenset()


def test_without_tiers_nothing_is_left_out(tmp_path: Path) -> None:
    fleet = load(tmp_path, None)
    assert fleet.diagnostics == ()
    assert [len(service.spec.environments) for service in fleet.services] == [2]


def test_locked_images_of_others_are_not_stale(tmp_path: Path) -> None:
    load(tmp_path, None)
    entry = f'{{repository: europe-west1-docker.pkg.dev/a/b/c, tag: main, digest: "{DIGEST}"}}'
    (tmp_path / "services/accounts/images.lock.yaml").write_text(f"images:\n  dev: {entry}\n", encoding="utf-8")
    assert [one.code for one in load(tmp_path, None).diagnostics] == ["image-lock-stale"]
    assert load(tmp_path, {"external"}).diagnostics == ()

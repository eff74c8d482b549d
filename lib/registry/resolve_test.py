"""Specs and a registry in, lock files out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from registry import command
from registry.testing.fake import FakeRegistry, serve
from spec.loader import load_fleet

PLATFORM = Path(__file__).parent.parent / "spec/testdata/platform.yaml"
SPEC = Path("services/accounts/service.yaml")
LOCK = "services/accounts/images.lock.yaml"

SERVICE = """\
service:
  id: accounts
  description: Accounts of our customers.
  owners: [identity]

build: {{image: {address}/team/app}}

environments:
  - id: dev
    projectId: accounts-dev-1f3a
    tier: test
    deploy: {{type: subscription, tag: main}}
    instances: {{cpu: 1, memory: 512Mi}}
  - id: prod
    projectId: accounts-prod-7c2e
    tier: external
    deploy: {{type: {prod}}}
    instances: {{cpu: 1, memory: 512Mi}}
"""


def write(root: Path, registry: FakeRegistry, prod: str = "subscription, tag: stable") -> None:
    (root / SPEC).parent.mkdir(parents=True, exist_ok=True)
    (root / SPEC).write_text(SERVICE.format(address=registry.address, prod=prod))
    shutil.copy(PLATFORM, root / "platform.yaml")


def resolve(root: Path) -> int:
    return command.main(["--root", str(root), "--spec", str(SPEC)])


@pytest.fixture(autouse=True)
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "nothing"))


def test_the_life_of_a_subscription(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serve(FakeRegistry()) as registry:
        write(tmp_path, registry)
        image = f"{registry.address}/team/app"
        first, stable = registry.put("team/app:main", {"n": 1}), registry.put("team/app:stable", {"n": 0})

        assert resolve(tmp_path) == 0
        said = capsys.readouterr().out
        assert f"accounts dev: {image}:main is {first}" in said
        assert f"wrote {LOCK}" in said
        written = (tmp_path / LOCK).read_bytes()
        fleet = load_fleet(Path("platform.yaml"), [SPEC], tmp_path)
        assert fleet.diagnostics == ()
        assert [one.deploy.digest for one in fleet.services[0].spec.environments] == [first, stable]

        assert resolve(tmp_path) == 0
        said = capsys.readouterr().out
        assert f"{image}:main is still {first}" in said
        assert "wrote" not in said
        assert (tmp_path / LOCK).read_bytes() == written

        second = registry.put("team/app:main", {"n": 2})
        assert resolve(tmp_path) == 0
        assert f"accounts dev: {image}:main was {first}, is now {second}" in capsys.readouterr().out

        write(tmp_path, registry, prod=f"manual, digest: '{stable}'")
        assert resolve(tmp_path) == 0
        assert "prod:" not in (tmp_path / LOCK).read_text()

        (tmp_path / SPEC).write_text((tmp_path / SPEC).read_text().replace("subscription", "manual"))
        assert resolve(tmp_path) == 0
        assert "removed" in capsys.readouterr().out
        assert not (tmp_path / LOCK).exists()


def test_what_can_not_be_looked_up_stays_and_the_rest_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(FakeRegistry()) as registry:
        write(tmp_path, registry)
        old, stable = registry.put("team/app:main", {"n": 1}), registry.put("team/app:stable", {"n": 0})
        assert resolve(tmp_path) == 0
        del registry.manifests["team/app:stable"]
        new = registry.put("team/app:main", {"n": 2})
        assert resolve(tmp_path) == 1
    said = capsys.readouterr().out
    assert "error[image-not-found] environments[1].deploy.tag: found no " in said
    text = (tmp_path / LOCK).read_text()
    assert new in text and stable in text and old not in text


def test_a_broken_lock_file_is_written_anew(tmp_path: Path) -> None:
    with serve(FakeRegistry()) as registry:
        write(tmp_path, registry)
        registry.put("team/app:main", {})
        registry.put("team/app:stable", {})
        (tmp_path / LOCK).write_text("[")
        assert resolve(tmp_path) == 0
    assert load_fleet(Path("platform.yaml"), [SPEC], tmp_path).diagnostics == ()


def test_a_wrong_spec_is_told_and_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serve(FakeRegistry()) as registry:
        write(tmp_path, registry, prod="subscription")
        assert resolve(tmp_path) == 1
        assert registry.asked == []
    assert "error[image-missing]" in capsys.readouterr().out
    assert not (tmp_path / LOCK).exists()


def test_misuse(tmp_path: Path) -> None:
    assert resolve(tmp_path) == 2

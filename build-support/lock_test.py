from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path

import lock
import pytest
import toml

RESOLVES = [pytest.param(resolve, id=resolve.name) for resolve in lock.RESOLVES]


@pytest.mark.parametrize("resolve", RESOLVES)
def test_a_lockfile_is_current(resolve: lock.Resolve) -> None:
    assert resolve.is_current(), f"run: build-support/lock {resolve.name}"


@pytest.mark.parametrize("resolve", RESOLVES)
def test_a_lockfile_holds_versions_with_hashes_and_no_address(resolve: lock.Resolve) -> None:
    text = resolve.lockfile.read_text()
    assert "://" not in text and " @ " not in text and "/home" not in text and "/root" not in text
    requirements = [line for line in text.splitlines() if re.match(r"\w", line)]
    assert requirements and all("==" in line and line.endswith("\\") for line in requirements)


def test_every_resolve_of_pants_is_locked_here() -> None:
    configured = toml.loads((lock.FOLDER.parent.parent / "pants.toml").read_text())["python"]["resolves"]
    here = {one.name: f"3rdparty/python/{one.lockfile.name}" for one in lock.RESOLVES if one.name != "uv"}
    assert configured == here


def test_what_a_resolve_shares_it_has_in_the_same_version() -> None:
    for resolve in lock.RESOLVES:
        ours = versions(resolve.lockfile)
        for name in resolve.like:
            theirs = versions(lock.FOLDER / lock.lockfile_name(name))
            assert {package: theirs[package] for package in theirs.keys() & ours.keys()}.items() <= ours.items()
            assert theirs.keys() & ours.keys()


def versions(lockfile: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", lockfile.read_text(), re.MULTILINE))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "python"
    shutil.copytree(lock.FOLDER, copy)
    monkeypatch.setattr(lock, "FOLDER", copy)
    return copy


@pytest.mark.parametrize("changed", ["tests.in", "generator.in", "generator.lock.txt"])
def test_a_change_of_what_it_is_made_from_makes_a_lockfile_stale(folder: Path, changed: str) -> None:
    (lib,) = (resolve for resolve in lock.RESOLVES if resolve.name == "lib")
    assert lib.is_current()
    with (folder / changed).open("a") as file:
        file.write("attrs\n")
    assert not lib.is_current()


def test_another_way_to_make_it_makes_a_lockfile_stale(folder: Path) -> None:
    assert not dataclasses.replace(lock.RESOLVES[0], python="3.12").is_current()
    lock.RESOLVES[0].lockfile.unlink()
    assert not lock.RESOLVES[0].is_current()


def test_the_machines_own_indexes_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", "/wheels")
    monkeypatch.setenv("UV_INDEX_URL", "mirror")
    monkeypatch.setenv("PIP_CERT", "certificates")
    kept = lock.environment()
    assert "PIP_FIND_LINKS" not in kept and "UV_INDEX_URL" not in kept and kept["PIP_CERT"] == "certificates"

"""Credentials as `docker login` leaves them."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from registry.credentials import Credentials, find
from registry.errors import RegistryError

HOST = "europe-west1-docker.pkg.dev"
AUTH = {"auth": base64.b64encode(b"ci:se:cret").decode()}


def configured(folder: Path, config: Any) -> dict[str, str]:
    """The environment of somebody with this configuration."""
    (folder / "config.json").write_text(config if isinstance(config, str) else json.dumps(config))
    return {"DOCKER_CONFIG": str(folder), "PATH": str(folder)}


def helper(folder: Path, script: str) -> None:
    path = folder / "docker-credential-made-up"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize("key", [HOST, f"https://{HOST}"])
def test_stored(tmp_path: Path, key: str) -> None:
    assert find(HOST, configured(tmp_path, {"auths": {key: AUTH}})) == Credentials("ci", "se:cret")


def test_docker_hub_has_a_name_of_its_own(tmp_path: Path) -> None:
    environment = configured(tmp_path, {"auths": {"https://index.docker.io/v1/": AUTH}})
    assert find("docker.io", environment) == Credentials("ci", "se:cret")
    assert find(HOST, environment) is None


def test_an_identity_token(tmp_path: Path) -> None:
    found = find(HOST, configured(tmp_path, {"auths": {HOST: {"identitytoken": "t"}}}))
    assert found is not None and found.is_identity_token and found.secret == "t"


@pytest.mark.parametrize("config", [{"credHelpers": {HOST: "made-up"}}, {"credsStore": "made-up", "auths": {HOST: {}}}])
def test_a_helper_is_asked(tmp_path: Path, config: Any) -> None:
    helper(tmp_path, f'read host; test "$host" = {HOST} && echo \'{{"Username": "u", "Secret": "s"}}\'')
    assert find(HOST, configured(tmp_path, config)) == Credentials("u", "s")


def test_a_helper_that_knows_nothing(tmp_path: Path) -> None:
    helper(tmp_path, "echo credentials not found in native keychain; exit 1")
    assert find(HOST, configured(tmp_path, {"credsStore": "made-up"})) is None


@pytest.mark.parametrize("script", ["echo expired >&2; exit 1", "echo no JSON", "echo '{}'"])
def test_a_broken_helper(tmp_path: Path, script: str) -> None:
    helper(tmp_path, script)
    with pytest.raises(RegistryError, match="docker-credential-made-up"):
        find(HOST, configured(tmp_path, {"credsStore": "made-up"}))


def test_a_missing_helper(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="does not run"):
        find(HOST, configured(tmp_path, {"credHelpers": {HOST: "nowhere"}}))


@pytest.mark.parametrize("config", ["{", "[]"])
def test_a_broken_configuration(tmp_path: Path, config: str) -> None:
    with pytest.raises(RegistryError, match="config.json"):
        find(HOST, configured(tmp_path, config))


@pytest.mark.parametrize("config", [{}, {"auths": 1}, {"auths": {HOST: 1}}, {"auths": {HOST: {"auth": "%"}}}])
def test_nothing(tmp_path: Path, config: Any) -> None:
    assert find(HOST, configured(tmp_path, config)) is None
    assert find(HOST, {"HOME": str(tmp_path / "nobody")}) is None

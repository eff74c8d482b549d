"""Credentials as `docker login` and cloud vendors' helpers leave them.

Source: https://docs.docker.com/reference/cli/docker/login/#credential-stores
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.errors import RegistryError

HELPER_TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Credentials:
    """A name and its password; or, without a name, a token to be exchanged."""

    user: str
    secret: str

    @property
    def basic(self) -> str:
        """Value of an Authorization header."""
        return "Basic " + base64.b64encode(f"{self.user}:{self.secret}".encode()).decode()

    @property
    def is_identity_token(self) -> bool:
        return self.user in ("", "<token>")


def find(registry: str, environment: Mapping[str, str] = os.environ) -> Credentials | None:
    """The credentials of a registry, None where there are none: then it is asked as anybody.

    Raises RegistryError where the configuration or its helper is broken.
    """
    path = _path(environment)
    try:
        config: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise RegistryError(f"{path} can't be read ({error})", "JSON as `docker login` writes it", "mend or remove it") from error
    if not isinstance(config, dict):
        raise RegistryError(f"{path} holds no JSON object", "JSON as `docker login` writes it", "mend or remove it")
    for key in _keys(registry):
        helper = _mapping(config, "credHelpers").get(key)
        if isinstance(helper, str):
            return _ask(helper, key, environment)
    for key in _keys(registry):
        entry = _mapping(config, "auths").get(key)
        if isinstance(entry, dict) and (found := _stored(entry)) is not None:
            return found
    store = config.get("credsStore")
    return _ask(store, _keys(registry)[0], environment) if isinstance(store, str) and store else None


def _path(environment: Mapping[str, str]) -> Path:
    folder = environment.get("DOCKER_CONFIG") or f"{environment.get('HOME', '')}/.docker"
    return Path(folder) / "config.json"


def _keys(registry: str) -> list[str]:
    """The names under which a registry may be filed."""
    if registry == "docker.io":
        return ["https://index.docker.io/v1/", "docker.io", "index.docker.io"]
    return [registry, f"https://{registry}", f"http://{registry}"]


def _mapping(config: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = config.get(key)
    return value if isinstance(value, dict) else {}


def _stored(entry: Mapping[str, Any]) -> Credentials | None:
    """What stands in the file itself."""
    if isinstance(entry.get("identitytoken"), str) and entry["identitytoken"]:
        return Credentials("", entry["identitytoken"])
    try:
        user, colon, secret = base64.b64decode(str(entry.get("auth", "")), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return Credentials(user, secret.rstrip("\0")) if colon else None


def _ask(helper: str, key: str, environment: Mapping[str, str]) -> Credentials | None:
    """What a `docker-credential-<helper>` on the PATH says: https://github.com/docker/docker-credential-helpers"""
    program = f"docker-credential-{helper}"
    try:
        done = subprocess.run(
            [program, "get"], input=key, env=dict(environment), capture_output=True, text=True,
            timeout=HELPER_TIMEOUT_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RegistryError(f"{program} does not run ({error})", "a helper that works", f"install {program}, or log in anew") from error
    if done.returncode != 0:
        if "credentials not found" in (done.stdout + done.stderr).lower():
            return None
        said = (done.stderr or done.stdout).strip().splitlines()
        raise RegistryError(
            f"{program} failed{': ' + said[-1] if said else ''}", "a helper that works", "log in anew with the vendor's tool"
        )
    try:
        answer = json.loads(done.stdout)
        return Credentials(str(answer["Username"]), str(answer["Secret"]))
    except (ValueError, KeyError, TypeError) as error:
        raise RegistryError(f"{program} says what is no credentials", "JSON with Username and Secret", "update it") from error

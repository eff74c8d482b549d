"""A real OpenID provider for tests and for running a service on this machine: `oidc-provider-mock` as a process of its own.

Whoever knows a user's name signs in as that user: there are no passwords. It answers this machine only.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from runtime.extras import folder_of
from runtime.testing.ports import free_port
from runtime.testing.stopping import stop

START_SECONDS = 20.0

Users = Mapping[str, Mapping[str, Any]]
"""Subject -> the claims of that user, which an application gets to see as far as it asks for their scope."""


@dataclass(frozen=True)
class RegisteredClient:
    """What the provider knows an application as."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass
class OidcProvider:
    """A running provider. Its signing key is a new one at every start."""

    port: int
    folder: Path
    arguments: tuple[str, ...]
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def register(self, redirect_uri: str) -> RegisteredClient:
        """Make an application known, whose secret and address are checked from then on.

        (An application that was not registered may give any secret and any address, as long as `start_oidc_provider` was
        not told otherwise.)
        """
        answer = self._post("/oauth2/clients", json={"redirect_uris": [redirect_uri]}).raise_for_status().json()
        return RegisteredClient(answer["client_id"], answer["client_secret"])

    def set_user(self, subject: str, claims: Mapping[str, Any]) -> None:
        """From the next sign-in on, this user has these claims."""
        with self._browser() as browser:
            browser.put(f"{self.issuer}/users/{quote(subject, safe='')}", json=dict(claims)).raise_for_status()

    def sign_in(self, authorization_url: str, subject: str) -> str:
        """What a person does in a browser: the address that the provider then sends the browser to."""
        return self._answer(authorization_url, {"sub": subject})

    def refuse(self, authorization_url: str) -> str:
        """Likewise, where the person declines."""
        return self._answer(authorization_url, {"action": "deny"})

    def stop(self) -> None:
        """End it. Harmless when it has ended."""
        stop(self.process, seconds=5)

    def restart(self) -> None:
        """End it and start it again on the same port: with a new signing key, and without what was registered."""
        self.stop()
        self.process = _start(self.folder, self.port, self.arguments)

    def _answer(self, url: str, form: Mapping[str, str]) -> str:
        with self._browser() as browser:
            browser.get(url).raise_for_status()
            answer = browser.post(url, data=dict(form))
        if not answer.is_redirect:
            raise RuntimeError(f"the provider answered {answer.status_code} instead of sending the browser back")
        return answer.headers["location"]

    def _post(self, path: str, json: object) -> httpx.Response:
        with self._browser() as browser:
            return browser.post(self.issuer + path, json=json)

    def _browser(self) -> httpx.Client:
        # The proxy of the environment, if any, is not for addresses of this machine.
        return httpx.Client(timeout=20.0, trust_env=False)


def start_oidc_provider(
    folder: Path,
    *,
    users: Users | None = None,
    port: int | None = None,
    token_seconds: int = 3600,
    registered_only: bool = False,
) -> OidcProvider:
    """A provider whose log is in `folder`.

    users            who may sign in with one click; any other name is a user without claims but `email`
    port             a free one by default
    token_seconds    how long ID tokens are valid
    registered_only  refuse applications that were not registered
    RuntimeError with the end of its log when it does not come up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    arguments = ["--token-max-age", str(token_seconds), "--require-registration", str(registered_only).lower()]
    for subject, claims in (users or {}).items():
        arguments += ["--user-claims", json.dumps({**claims, "sub": subject})]
    port = port or free_port()
    return OidcProvider(port, folder, tuple(arguments), _start(folder, port, arguments))


def _start(folder: Path, port: int, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    folder_of("oidc_provider_mock", "oidc-provider-mock", "An OpenID provider for tests")
    log = folder / "log"
    paths = os.pathsep.join(path for path in sys.path if path)
    with log.open("ab") as output:
        process = subprocess.Popen(
            # It uses deprecated modules of its own libraries, and says so at length.
            [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *arguments],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder, start_new_session=True,
            env={"PATH": os.defpath, "PYTHONPATH": paths, "NO_COLOR": "1"},
        )  # fmt: skip
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return process
        except OSError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                process.wait()
                end = log.read_text(errors="replace")[-2000:]
                raise RuntimeError(f"the OpenID provider did not start within {START_SECONDS:.0f} s:\n{end}") from error
            time.sleep(0.02)

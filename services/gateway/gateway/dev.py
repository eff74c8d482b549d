"""The gateway on a developer's machine: in front of a stand-in for the providers, with a customer whose key works."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.actors import FeatureLimits
from gateway.administration import Administration
from gateway.catalog import FEATURES
from gateway.service import DATABASE
from gateway.settings import Config
from runtime import Runtime

VARIABLES: Mapping[str, str] = {
    "OPENAI_API_KEY": "sk-local",
    "ANTHROPIC_API_KEY": "sk-ant-local",
    "OPENAI_URL": "{{ upstream }}",
    "ANTHROPIC_URL": "{{ upstream }}",
}

LICENSE_KEY = "license-of-a-customer-on-this-machine-only"

LIMITS = FeatureLimits(
    models=None, quota_requests=1000, quota_tokens=1_000_000, quota_seconds=86400, rate_requests=60, rate_seconds=60
)

START_SECONDS = 20.0


async def seed(runtime: Runtime[Config]) -> None:
    """One customer with every feature."""
    administration = Administration(runtime.postgres[DATABASE])
    await administration.put_actor("local", "Local customer")
    for feature in FEATURES:
        await administration.allow("local", feature, LIMITS)
    token = await administration.add_key("local", LICENSE_KEY)
    print(f"a key that works: {token}  (of the license key {LICENSE_KEY!r})")


@dataclass
class Upstream:
    """The stand-in as a process. A runtime.dev.Server."""

    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def start_upstream(folder: Path, port: int) -> Upstream:
    """Raises RuntimeError with the end of its log where it does not come up."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gateway.testing.upstream", str(port)], stdin=subprocess.DEVNULL, stdout=output,
            stderr=output, start_new_session=True,
            env={"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )  # fmt: skip
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return Upstream(process)
        except OSError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                Upstream(process).stop()
                raise RuntimeError(f"the providers' stand-in did not start:\n{log.read_text(errors='replace')[-2000:]}") from error
            time.sleep(0.01)


companions = {"upstream": start_upstream}

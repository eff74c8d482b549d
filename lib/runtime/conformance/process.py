"""A program as a process of its own, in a folder where it may not write, and questions to it over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spec.constants import READY_PATH

from .outcome import Broken

STOP_SECONDS = 30.0
"""Until it has ended after a signal; what it may take is in its environment (SHUTDOWN_GRACE)."""
ASK_SECONDS = 15.0
PAUSE = 0.02
"""Seconds between two looks."""


@dataclass(frozen=True)
class Answer:
    """A response over HTTP."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


class Instance:
    """A started process. `kill` it; `output` and `log` are what it has written so far."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path, arguments: Sequence[str] = ()
    ) -> None:
        self.environment = dict(environment)
        self.port = int(environment.get("PORT") or 0)
        made = Path(tempfile.mkdtemp(dir=folder))
        self.work = made / "work"
        self.work.mkdir(mode=0o555)
        self._out, self._err = made / "out", made / "err"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._process = subprocess.Popen(
                [*command, *arguments], env=self.environment, cwd=self.work,
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def output(self) -> str:
        """Standard output."""
        return self._out.read_text(errors="replace")

    @property
    def log(self) -> str:
        """Everything written."""
        return self.output + self._err.read_text(errors="replace")

    @property
    def lines(self) -> list[str]:
        """Whole lines of both, without empty ones."""
        return [line for line in self.log.split("\n") if line.strip()]

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The lines that are objects of JSON."""
        return [found for line in self.lines if (found := entry(line)) is not None]

    @property
    def tail(self) -> str:
        """The end of what it wrote, for a message."""
        return self.log[-1500:].strip() or "it wrote nothing"

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask on a connection of its own. OSError or HTTPException where there is no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ASK_SECONDS)
        try:
            connection.request("GET", path, headers={"connection": "close", **(headers or {})})
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def asked(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """The same; Broken where there is no answer."""
        try:
            return self.get(path, headers)
        except (OSError, http.client.HTTPException) as error:
            raise Broken(f"no answer on {path}", f"{type(error).__name__}: {error}; {self.tail}") from None

    def status(self, path: str) -> int | None:
        """None without an answer."""
        try:
            return self.get(path).status
        except (OSError, http.client.HTTPException):
            return None

    def until_ready(self, seconds: float) -> None:
        """Broken where it ends before, or does not become ready."""
        self.until(lambda: self.status(READY_PATH) == 200, seconds, "it does not become ready")

    def until(self, done: Callable[[], object], seconds: float, otherwise: str) -> None:
        """Wait; Broken with this reason when the time is up or the process has ended."""
        end = time.monotonic() + seconds
        while not done():
            if not self.runs:
                raise Broken(otherwise, f"it ended with {self._process.returncode}: {self.tail}")
            if time.monotonic() > end:
                raise Broken(otherwise, f"not within {seconds:g} s: {self.tail}")
            time.sleep(PAUSE)

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def exit_code(self, seconds: float = STOP_SECONDS) -> int | None:
        """Wait for the end; None where it does not come in time, and then it is killed."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def stop(self, otherwise: str = "it does not stop in order on SIGTERM") -> None:
        """SIGTERM; Broken unless it ends with 0."""
        self.send(signal.SIGTERM)
        code = self.exit_code()
        if code != 0:
            raise Broken(otherwise, f"exit code {code}: {self.tail}")

    def kill(self) -> None:
        """End it and what it started. Harmless when it has ended."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()


def entry(line: str) -> dict[str, Any] | None:
    """A log line as the object that it holds; None where it holds none."""
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None

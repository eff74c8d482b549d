"""One run: servers, first data, the program, and the end of all of them."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from runtime.dev import program
from runtime.dev.errors import DevError
from runtime.dev.folders import is_free, stable_port
from runtime.dev.local_settings import LocalSettings, Server
from runtime.dev.output import Output
from runtime.dev.reaper import Reaper
from runtime.dev.servers import LocalServers
from runtime.dev.variables import local_variables
from runtime.dev.watching import changed
from spec.constants import HEALTH_PATH
from spec.description import Description, Environment

STOP_SECONDS = 2.0
"""For the program, after Ctrl-C: whoever started this run may wait no longer than three before it kills it."""


@dataclass(frozen=True)
class Wanted:
    """What to run.

    root         of the checkout
    module       `python -m <module>`
    source_root  where it is found
    folder       with the data
    """

    root: Path
    description: Description
    environment: Environment
    module: str
    source_root: Path
    folder: Path
    port: int | None = None
    postgres: str | None = None
    redis: str | None = None
    seed: bool = False
    reload: bool = False
    given: dict[str, str] = field(default_factory=dict)


Ended = tuple[str, int]
"""What happened: `signal` and its number, `program` and its exit code, `server` or `changed`."""


class Run:
    def __init__(self, wanted: Wanted, settings: LocalSettings) -> None:
        self._wanted = wanted
        self._settings = settings
        self._id = wanted.description.id
        self._output = Output(max(len(self._id), len("dev")))
        self._events: SimpleQueue[Ended] = SimpleQueue()
        self._reaper = Reaper()

    def until_stopped(self) -> int:
        """The exit code: 0 after Ctrl-C, else the program's."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # A queue that takes in from signal handlers: https://docs.python.org/3/library/queue.html#simplequeue-objects
            signal.signal(number, lambda received, _: self._events.put(("signal", received)))
        try:
            with LocalServers(
                self._wanted.folder,
                postgres=self._wanted.postgres,
                redis=self._wanted.redis,
                started=self._watch,
                stopped=lambda server: self._reaper.forget(server.process),
            ) as servers:
                return self._with(servers)
        finally:
            self._reaper.close()

    def _with(self, servers: LocalServers) -> int:
        wanted, began = self._wanted, time.monotonic()
        port = self._port()
        servers.start(wanted.environment, self._settings.companions)
        variables = local_variables(
            wanted.description, wanted.environment, servers, port=port, settings=self._settings, given=wanted.given
        )
        self._output.line("dev", f"{', '.join(servers.running) or 'no servers'} after {time.monotonic() - began:.1f} s")
        if self._settings.seed is not None and (wanted.seed or not self._seeded.exists()):
            code = self._seed(variables)
            if code is not None:
                return code
        while True:
            event, code = self._once(variables, port, servers, began)
            if event != "changed":
                return code
            self._output.line("dev", "a file changed: starting again")

    @property
    def _seeded(self) -> Path:
        return self._wanted.folder / "seeded"

    def _port(self) -> int:
        port = self._wanted.port
        if port is not None and not is_free(port):
            raise DevError(f"port {port} is taken: name another with -- --port <number>, or leave it out")
        return port or stable_port(self._wanted.folder, "http")

    def _watch(self, server: Server) -> None:
        self._reaper.watch(server.process)
        threading.Thread(target=self._report, args=("server", server.process), daemon=True).start()

    def _report(self, event: str, process: subprocess.Popen[Any]) -> None:
        self._events.put((event, process.wait()))

    def _seed(self, variables: dict[str, str]) -> int | None:
        """The exit code where it failed or was stopped."""
        seeding = program.start(
            ["-m", "runtime.dev.seeding", self._wanted.module], variables, self._wanted.source_root,
            in_colour=self._output.in_colour,
        )  # fmt: skip
        event, code = self._attend(seeding, "seed")
        if event == "program" and code == 0:
            self._seeded.touch()
            return None
        if event == "program":
            self._output.line("dev", f"seeding failed with {code}; it is tried again at the next start")
        return code

    def _once(self, variables: dict[str, str], port: int, servers: LocalServers, began: float) -> Ended:
        """The program, until it ends or is ended."""
        wanted = self._wanted
        process = program.start(
            ["-m", wanted.module], variables, wanted.source_root, in_colour=self._output.in_colour
        )
        done = threading.Event()

        def announce() -> None:
            if program.wait_until_ready(process, port) and not done.is_set():
                self._output.block(self._message(variables, port, servers, time.monotonic() - began))

        def watch() -> None:
            if changed(wanted.source_root, done):
                self._events.put(("changed", 0))

        for run, is_wanted in ((announce, wanted.description.kind == "service"), (watch, wanted.reload)):
            if is_wanted:
                threading.Thread(target=run, daemon=True).start()
        try:
            return self._attend(process, self._id)
        finally:
            done.set()

    def _attend(self, process: subprocess.Popen[bytes], name: str) -> Ended:
        """Show what a process prints until something happens; the process has ended after it, in any case."""
        self._reaper.watch(process)
        assert process.stdout is not None
        shown = self._output.follow(name, process.stdout)
        threading.Thread(target=self._report, args=(f"program {process.pid}", process), daemon=True).start()
        try:
            event, code = self._next(process)
            if event == "signal":
                self._output.line("dev", f"{signal.Signals(code).name}: stopping")
                self._end(process)
                code = 0 if process.returncode in (0, 130, -signal.SIGINT) else process.returncode
            elif event == "server":
                self._output.line("dev", "a server ended by itself: stopping; see its log, or begin with empty data: -- --reset")
                code = 1
            return event, code
        finally:
            program.stop(process, STOP_SECONDS)
            shown.join(1)
            self._reaper.forget(process)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """In order; at once where another signal comes meanwhile."""
        until = time.monotonic() + STOP_SECONDS
        ending = threading.Thread(target=program.stop, args=(process, STOP_SECONDS))
        ending.start()
        while ending.is_alive() and time.monotonic() < until:
            ending.join(0.02)
            if not self._events.empty() and self._events.get()[0] == "signal":
                program.kill(process)
        ending.join()

    def _next(self, process: subprocess.Popen[bytes]) -> Ended:
        """The next thing that happens to this process; what is left over of an earlier one is passed over."""
        while True:
            event, code = self._events.get()
            if event == f"program {process.pid}":
                return "program", code
            if not event.startswith("program "):
                return event, code

    def _message(self, variables: dict[str, str], port: int, servers: LocalServers, seconds: float) -> str:
        url, bold = f"http://127.0.0.1:{port}", self._output.bold
        secret = variables["DIAGNOSTICS_SECRET"]
        rows = [("", ""), (self._id, f"{bold(url)}   environment {self._wanted.environment.id}, after {seconds:.1f} s")]
        rows.append(("health", f"curl -H 'Authorization: Bearer {secret}' '{url}{HEALTH_PATH}?full=1'"))
        if servers.administrator is not None and self._wanted.environment.resources.postgres is not None:
            for database in self._wanted.environment.resources.postgres.databases:
                rows.append(("postgres", f"psql {servers.administrator.replace('{database}', database)}"))
        if servers.redis_endpoint is not None:
            rows.append(("redis", f"redis-cli -u {servers.redis_endpoint}"))
        rows += [(name, address) for name, address in servers.urls.items()]
        rows += [("data", f"{self._wanted.folder} (empty it: -- --reset)"), ("stop", "Ctrl-C"), ("", "")]
        width = max(len(name) for name, _ in rows)
        return "\n".join(f"  {name:<{width}}  {text}".rstrip() for name, text in rows)



def run(wanted: Wanted, settings: LocalSettings) -> int:
    return Run(wanted, settings).until_stopped()

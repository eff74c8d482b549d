"""Running other programs: found, shown with `--dry-run`, cleaned up after."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ops.errors import OpsError
from ops.terminal import Terminal

INSTALL: Mapping[str, str] = {
    "gcloud": "https://cloud.google.com/sdk/docs/install (Debian: apt-get install google-cloud-cli)",
    "psql": "apt-get install postgresql-client (macOS: brew install libpq)",
    "redis-cli": "apt-get install redis-tools (macOS: brew install redis)",
    "bq": "comes with gcloud: gcloud components install bq",
    "terraform": "https://developer.hashicorp.com/terraform/install",
    "cloud-sql-proxy": "https://cloud.google.com/sql/docs/postgres/sql-proxy#install",
}
"""How one gets each of the programs that the commands run."""


@dataclass(frozen=True)
class Call:
    """A program and its arguments; no shell ever sees them.

    secrets   variables whose values are never shown
    """

    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()

    def shown(self) -> str:
        """As it could be typed."""
        variables = [
            f"{name}={'…' if name in self.secrets else shlex.quote(value)}" for name, value in self.environment.items()
        ]
        return " ".join([*variables, shlex.join(self.argv)])


def call(*argv: str, **options: str | int | bool | None) -> Call:
    """`argv`, then `--option=value` each (True: `--option` alone; None and False: left out)."""
    flags = [
        f"--{name.replace('_', '-')}" + ("" if value is True else f"={value}")
        for name, value in options.items()
        if value is not None and value is not False
    ]
    return Call((*argv, *flags))


class Processes:
    """Runs calls, or only says what they would be."""

    def __init__(self, terminal: Terminal, *, dry_run: bool = False, verbose: bool = False) -> None:
        self.terminal = terminal
        self.dry_run = dry_run
        self._verbose = verbose

    def capture(self, call: Call) -> subprocess.CompletedProcess[str]:
        """Run it and have what it says. Raises OpsError where the program is missing."""
        self._tell(call)
        return subprocess.run(
            _found(call),
            env=_environment(call),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )

    def show(self, call: Call, *, input: str | None = None) -> int:
        """Run it on this terminal; its exit code. With `--dry-run`, print it instead."""
        if self.dry_run:
            self.terminal.data(call.shown())
            return 0
        self._tell(call)
        argv = _found(call)
        # Ctrl-C goes to the whole foreground group; the program decides what it means, and this process outlives it.
        with _interrupts_ignored():
            return subprocess.run(argv, env=_environment(call), input=input, text=True, check=False).returncode

    def _tell(self, call: Call) -> None:
        if self._verbose:
            self.terminal.note(f"+ {call.shown()}")


def require(*programs: str) -> None:
    """Raises OpsError with everything that is missing, at once."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        raise OpsError(f"not on this machine: {', '.join(missing)}", *(f"{program}: {INSTALL[program]}" for program in missing))


def _found(call: Call) -> Sequence[str]:
    program = shutil.which(call.argv[0])
    if program is None:
        require(call.argv[0])
    assert program is not None
    return (program, *call.argv[1:])


def _environment(call: Call) -> dict[str, str]:
    return {**os.environ, **call.environment}


@contextlib.contextmanager
def _interrupts_ignored() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

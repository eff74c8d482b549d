"""Running other programs: found, shown with `--dry-run`, cleaned up after."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
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

STOP_SECONDS = 5.0
"""How long a program in the background may take to stop before it is killed."""


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

    @contextlib.contextmanager
    def background(self, call: Call) -> Iterator[subprocess.Popen[str]]:
        """Run it beside what follows, in a group of its own, and end the group whatever happens."""
        self._tell(call)
        with contextlib.ExitStack() as stack:
            process = subprocess.Popen(
                _found(call), env=_environment(call), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True, encoding="utf-8", errors="replace", start_new_session=True,
            )  # fmt: skip
            stack.callback(end, process)
            yield process

    def _tell(self, call: Call) -> None:
        if self._verbose:
            self.terminal.note(f"+ {call.shown()}")


def end(process: subprocess.Popen[str]) -> None:
    """End a program and everything that it started, in order if it lets itself."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
            # The leader ended in order; whatever is left of its group is not waited for.
            if number is signal.SIGTERM and not _group_lives(process.pid):
                break
    if process.stdout is not None:
        process.stdout.close()


def require(*programs: str) -> None:
    """Raises OpsError with everything that is missing, at once."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        raise OpsError(f"not on this machine: {', '.join(missing)}", *(f"{program}: {INSTALL[program]}" for program in missing))


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return sys.platform != "darwin"  # macOS says so of a group of zombies
    return True


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

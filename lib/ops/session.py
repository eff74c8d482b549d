"""What every command is handed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ops.errors import OpsError
from ops.gcloud import Gcloud
from ops.processes import Processes
from ops.terminal import Terminal
from spec.description import Description, Environment


@dataclass(frozen=True)
class Session:
    """One command on one environment.

    said   how the commands are called here, up to their names: for the next steps that are printed
    """

    description: Description
    environment: Environment
    terminal: Terminal
    processes: Processes
    gcloud: Gcloud
    json: bool
    said: Callable[[str], str]

    @property
    def region(self) -> str:
        """The home: where everything is that keeps data."""
        return self.environment.regions[0]

    @property
    def where(self) -> dict[str, str]:
        """The options of most of gcloud's commands about Cloud Run."""
        return {"project": self.environment.project, "region": self.region}

    def confirm(self, question: str, *, yes: bool) -> None:
        """Raises OpsError unless somebody at a terminal types the environment's name, or `yes` said so before."""
        if yes or self.processes.dry_run:
            return
        if not sys.stdin.isatty():
            raise OpsError(f"{question} Nobody is at this terminal to confirm it.", "say so beforehand: --yes")
        self.terminal.loud(question)
        try:
            typed = input(f"Type {self.environment.id} to go on: ").strip()
        except EOFError:
            typed = ""
        if typed != self.environment.id:
            raise OpsError("not confirmed: nothing was done")


class Command(Protocol):
    """A module of ops.commands."""

    NAME: str
    HELP: str
    """One line, for the list."""
    EXAMPLES: Sequence[str]
    """Arguments behind the command's name."""

    def add(self, parser: argparse.ArgumentParser) -> None:
        """Its own options."""

    def run(self, session: Session, arguments: argparse.Namespace) -> int:
        """Do it; the exit code. Raises OpsError."""

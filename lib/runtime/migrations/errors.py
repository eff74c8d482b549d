"""What can be wrong with migrations: everything at once, each with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it has to be."""

    what: str
    """A file's name, or an object of the database."""
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.what}: found {self.found}; expected {self.expected}"


class MigrationError(Exception):
    """Migrations can't be applied, or one of them failed. `findings` has everything that is wrong."""

    def __init__(self, title: str, findings: Sequence[Finding] = ()) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join([title, *(f"  {finding}" for finding in self.findings)]))


class MigrationLockError(MigrationError):
    """Another instance has been migrating for longer than this one waits."""

"""What can be wrong with flags."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from runtime.contract import ConfigurationError


@dataclass(frozen=True)
class Finding:
    """Something that is wrong in a file of flags."""

    line: int
    key: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.line}: {self.key}: found {self.found}; expected {self.expected}"


class FlagsFileError(ConfigurationError):
    """A file of flags is not as it has to be; `findings` has everything that is wrong with it."""

    def __init__(self, path: str, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        self.problems = ()
        lines = "\n".join(f"  {path}:{finding}" for finding in sorted(findings, key=lambda finding: finding.line))
        count = "1 problem" if len(self.findings) == 1 else f"{len(self.findings)} problems"
        Exception.__init__(self, f"{count} with the flags:\n{lines}")


class UnknownFlagError(LookupError):
    """The code asks for a flag, or a variant, that the file does not define."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = difflib.get_close_matches(name, names, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(names) or 'none'}"
        super().__init__(f"{what} {name!r} is not defined in flags.toml; {hint}")

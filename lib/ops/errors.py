"""What a person is told who can't have what they asked for."""

from __future__ import annotations

FINE = 0
FAILED = 1
MISUSED = 2
BUG = 3
INTERRUPTED = 130


class OpsError(Exception):
    """Something stands in the way.

    message   what, in one line
    mend      the commands or edits that mend it, one a line
    code      the process's exit code
    """

    def __init__(self, message: str, *mend: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend
        self.code = code

    def lines(self) -> list[str]:
        """The message, and what to do under it."""
        return [self.message, *(f"  {line}" for line in self.mend)]


class Misuse(OpsError):
    """What was asked for does not exist: another argument would do."""

    def __init__(self, message: str, *mend: str) -> None:
        super().__init__(message, *mend, code=MISUSED)

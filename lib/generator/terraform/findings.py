"""One thing that is wrong with a stack."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """What was found where, what was expected, and how to mend it."""

    address: str
    """What it is about: `google_sql_user.app`, `data.x.y`, `provider.google`, `output.x`, `local.x`, `terraform`."""
    path: str
    """The place in it, such as `settings[0].tier`; empty for the thing itself."""
    code: str
    """The kind of finding, such as `unknown-argument`."""
    found: str
    expected: str
    fix: str = ""

    @property
    def key(self) -> str:
        """The address and the path in one."""
        return f"{self.address}.{self.path}" if self.path else self.address

    def render(self) -> str:
        """The finding as one line."""
        fix = f"; fix: {self.fix}" if self.fix else ""
        return f"{self.key}: [{self.code}] found {self.found}; expected {self.expected}{fix}"


def nearest(name: str, known: Iterable[str]) -> str:
    """`did you mean …?` with the known name that is most like `name`, or nothing."""
    close = difflib.get_close_matches(name, list(known), 1)
    return f"did you mean {close[0]}?" if close else ""

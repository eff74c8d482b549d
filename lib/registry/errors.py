"""What can go wrong on the way to a registry."""

from __future__ import annotations


class RegistryError(Exception):
    """A tag could not be looked up: what was found, what was expected, and the edit or command that mends it."""

    def __init__(self, found: str, expected: str, fix: str) -> None:
        super().__init__(found)
        self.found = found
        self.expected = expected
        self.fix = fix

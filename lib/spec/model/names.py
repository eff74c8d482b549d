"""Forms of names that several sections share."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from .base import Expect

DatabaseName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$"),
    Expect("at most 63 lower-case letters, digits and underscores, starting with a letter"),
]

ProjectId = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9-]*[a-z0-9]$", min_length=6, max_length=30),
    Expect("6 to 30 lower-case letters, digits and dashes, starting with a letter and not ending with a dash"),
]

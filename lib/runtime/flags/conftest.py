"""Real servers for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from runtime.testing.servers import database, postgres_server

__all__ = ["database", "flags_file", "postgres_server"]

FLAGS = """\
[new_checkout]
type = "boolean"
default = false
description = "The checkout in one page."
owner = "payments"
expires = 2026-03-31

[[new_checkout.rules]]
actors = ["user:1"]
serve = true

[[new_checkout.rules]]
where = {plan = ["pro", "team"], beta = true}
percent = 20
serve = true

[button]
type = "string"
variants = {plain = "#888", loud = "#f00"}
default = "plain"
description = "The button's colour."
owner = "payments"

[[button.rules]]
split = {plain = 30, loud = 70}

[limit]
type = "number"
variants = {low = 1, high = 2.5}
default = "low"
description = "Requests a second."
owner = "edge"

[texts]
type = "object"
default = "short"
description = "Words of the page."
owner = "edge"

[texts.variants]
short = {title = "Hi"}
long = {title = "Good day"}
"""

WriteFlags = Callable[[str], Path]


@pytest.fixture
def flags_file(tmp_path: Path) -> WriteFlags:
    """Write a file of flags."""

    def write(text: str) -> Path:
        path = tmp_path / "flags.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write

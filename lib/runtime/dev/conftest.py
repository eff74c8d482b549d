"""A checkout with one service, and a run of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.dev.sample import Checkout

@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder that everybody can look into: PostgreSQL runs as another user where the tests run as root."""
    made = Path(tempfile.mkdtemp(prefix="msp-dev-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def checkout(folder: Path) -> Iterator[Checkout]:
    """Whatever still runs of it at the end is killed."""
    made = Checkout(folder / "checkout")
    yield made
    made.end()

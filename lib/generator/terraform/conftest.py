from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.bindings import ensure
from generator.terraform.schema import Schema, load_schema


@pytest.fixture(scope="session")
def schema() -> Schema:
    return load_schema(ensure() / "schema.json")


@pytest.fixture
def stack() -> dict[str, Any]:
    """A correct stack with every form in it."""
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / "testdata" / "stack.tf.json").read_text())
    return loaded

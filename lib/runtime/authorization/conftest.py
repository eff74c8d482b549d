"""An OpenFGA server of each test's own, and a model."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.authorization.compiling import write_compiled
from runtime.authorization.model import Model, load
from runtime.testing.openfga_server import OpenFgaServer
from runtime.testing.servers import openfga_server

__all__ = ["openfga_server"]

MODEL = """\
model
  schema 1.1

type user

type organization
  relations
    define owner: [user]
    define member: [user, organization#member] or owner
    define can_edit: owner

# What an organisation has.
type document
  relations
    define organization: [organization]
    define viewer: [user, user:*, user with office_hours]
    define blocked: [user]
    define can_view: (viewer or member from organization) but not blocked

condition office_hours(hour: int) {
  hour >= 9 && hour < 17
}
"""


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model's file, compiled."""
    source = tmp_path_factory.mktemp("model") / "authorization.fga"
    source.write_text(MODEL, encoding="utf-8")
    write_compiled(source)
    return source


@pytest.fixture(scope="session")
def model(source: Path) -> Model:
    return load(source)


@pytest.fixture
def server(openfga_server: OpenFgaServer) -> OpenFgaServer:
    return openfga_server

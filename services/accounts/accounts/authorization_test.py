"""The model says what authorization.fga.yaml expects of it, by OpenFGA's own evaluator, and is what is sent to the server."""

from __future__ import annotations

from pathlib import Path

from runtime.testing.authorization_model import assert_model


def test_the_model() -> None:
    assert_model(Path(__file__).with_name("authorization.fga.yaml"))

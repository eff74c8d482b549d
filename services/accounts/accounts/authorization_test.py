"""The model says what authorization.fga.yaml expects of it, by OpenFGA's own evaluator."""

from __future__ import annotations

import subprocess
from pathlib import Path

from runtime.authorization import load
from runtime.authorization.compiling import find_tool

FOLDER = Path(__file__).parent


def test_the_model() -> None:
    tested = subprocess.run(
        [find_tool(), "model", "test", "--tests", FOLDER / "authorization.fga.yaml"], capture_output=True, text=True, check=False
    )
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_what_is_sent_to_the_server_was_made_of_it() -> None:
    assert load(FOLDER / "authorization.fga")["schema_version"] == "1.1"

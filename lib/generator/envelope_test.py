"""This side of the boundary, against the fixture that the plugin's side is tested with."""

from __future__ import annotations

import json
from pathlib import Path

from generator.envelope import SPEC_IS_WRONG, envelope, exit_code
from spec.diagnostics import Diagnostic

FIXTURE = Path(__file__).parent / "testdata"


def test_the_fixture_is_what_this_side_writes() -> None:
    document = json.loads((FIXTURE / "envelope.json").read_text(encoding="utf-8"))
    diagnostics = [Diagnostic(**entry) for entry in document["diagnostics"]]
    written = json.loads(envelope({}, diagnostics))
    assert written["diagnostics"] == [{"snippet": "", **entry} for entry in document["diagnostics"]]
    assert written["version"] == document["version"]
    assert "".join(f"{one.render()}\n" for one in diagnostics) == (FIXTURE / "envelope.txt").read_text(encoding="utf-8")
    assert exit_code(diagnostics) == SPEC_IS_WRONG

"""This side of the boundary, against the fixture that the plugin's side is tested with."""

from __future__ import annotations

import json
from pathlib import Path

from generator.cli import _parser
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


def test_every_protocol_that_the_plugin_speaks_to_this_side_is_understood() -> None:
    """Releases of the generator are called as the protocol of their time has it: words are added, none is taken away."""
    for protocol, argv in json.loads((FIXTURE / "envelope.argv.json").read_text(encoding="utf-8")).items():
        arguments = _parser().parse_args(argv)
        assert (arguments.verb, arguments.tier, dict(arguments.release)) == ("generate", ["external"], {"internal": 2}), protocol

from __future__ import annotations

import json
from pathlib import Path

from msp.util_rules.protocol import CURRENT, PROTOCOLS, GenerateCall

# The library's side is tested against the same file: it still understands every one of them.
FIXTURE = Path(__file__).parents[3] / "lib" / "generator" / "testdata" / "envelope.argv.json"

CALL = GenerateCall(
    platform="platform.yaml",
    bindings="__bindings",
    out="generated",
    node="/usr/bin/node",
    specs=("services/accounts/service.yaml", "services/bulletin/service.yaml"),
    tiers=("external",),
    releases=(("internal", 2),),
)


def test_each_protocol_is_the_one_that_releases_were_cut_with() -> None:
    fixture = json.loads(FIXTURE.read_text(encoding="utf-8"))
    assert {str(number): list(arguments(CALL)) for number, arguments in PROTOCOLS.items()} == fixture
    assert CURRENT == max(map(int, fixture))

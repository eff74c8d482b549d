"""What the plugin reads in a spec itself, against what the generator made of the same spec."""

from __future__ import annotations

from pathlib import Path

import pytest
from msp.util_rules.spec_peek import peek

TESTDATA = Path(__file__).parents[3] / "lib" / "generator" / "testdata"
SPECS = sorted(TESTDATA.glob("fleet/services/*/service.yaml"))


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.parent.name)
def test_the_environments_are_those_that_the_generator_makes(spec: Path) -> None:
    made = {path.name for path in (TESTDATA / "golden" / spec.parent.name).iterdir() if path.is_dir()}
    found = peek(str(spec), spec.read_bytes())
    assert (set(found.environments), found.problem) == (made, "")


def test_there_are_specs() -> None:
    assert SPECS

"""One whole guide: testdata/accounts/{platform.yaml,service.yaml,stacks.json} -> testdata/accounts/operations.md.

To accept a change:  cd lib && python -m generator.docs.snapshot_test --update
"""

from __future__ import annotations

import difflib
import json
import sys
from pathlib import Path

from generator.context import Context
from generator.docs.guide import ServiceGuide, render
from spec.loader import load_fleet

TESTDATA = Path(__file__).parent / "testdata" / "accounts"
EXPECTED = TESTDATA / "operations.md"
UPDATE = "cd lib && python -m generator.docs.snapshot_test --update"


def accounts() -> ServiceGuide:
    fleet = load_fleet(Path("platform.yaml"), [Path("service.yaml")], TESTDATA.resolve())
    assert fleet.platform is not None
    (service,) = fleet.services
    stacks = json.loads((TESTDATA / "stacks.json").read_text(encoding="utf-8"))
    return ServiceGuide(
        contexts=tuple(Context.of(service.spec, one, fleet.platform) for one in service.spec.environments),
        stacks={id: {stack["stack"]: stack for stack in listed} for id, listed in stacks.items()},
        custom={("prod", "iam"): ["b.tf", "auditors.tf"], ("prod", "data"): ["bucket.tf"]},
        spec_path="services/accounts/service.yaml",
    )


def test_the_whole_guide() -> None:
    expected, found = EXPECTED.read_text(encoding="utf-8"), render(accounts())
    difference = list(difflib.unified_diff(expected.splitlines(), found.splitlines(), "committed", "made", lineterm=""))
    assert not difference, "\n".join([*difference[:80], f"to accept: {UPDATE}"])


if __name__ == "__main__":
    if sys.argv[1:] != ["--update"]:
        sys.exit(f"usage: {UPDATE}")
    EXPECTED.write_text(render(accounts()), encoding="utf-8")
    print(f"wrote {EXPECTED}")

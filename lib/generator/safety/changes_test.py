"""What a change would lose, case by case: testdata/changes.yaml says what was committed, what would be, what is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.safety.changes import changes
from generator.safety.record import Resource, Stack, read_stack
from generator.safety.stateful import STATEFUL

CASES = yaml.safe_load((Path(__file__).parent / "testdata" / "changes.yaml").read_text(encoding="utf-8"))

GUARD = {"lifecycle": {"prevent_destroy": True}}
PROJECT = Resource("google_project", "project", {"project_id": "accounts-prod-7c2e", **GUARD})


def environment(described: dict[str, Any] | None, guarded: bool) -> dict[str, Stack]:
    """Stack -> address -> arguments, or `tf` -> hand-written text; with the project that every environment has."""
    if described is None:
        return {}
    body = PROJECT.body if guarded else {"project_id": PROJECT.body["project_id"]}
    made = {"project": Stack({PROJECT.address: Resource(PROJECT.type, PROJECT.name, body)})}
    for name, things in described.items():
        resources = {address: things[address] or {} for address in things if address != "tf"}
        written = read_stack({"custom.tf": str(things.get("tf", "")).encode()})
        made[name] = Stack(
            {
                **{
                    address: Resource(kind, id, {**arguments, **(GUARD if guarded and kind in STATEFUL else {})})
                    for address, arguments in resources.items()
                    for kind, id in [address.split(".")]
                },
                **written.resources,
            },
            written.moved,
            written.removed,
        )
    return made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_case(case: dict[str, Any]) -> None:
    allowed = case.get("allowDestroys", {})
    found = changes(
        environment(case["committed"], guarded=not allowed.get("committed", False)),
        environment(case["generated"], guarded=not allowed.get("generated", False)),
    )
    expected = case.get("finds", [])
    assert [(one.code, one.stack) for one in found] == [(one["code"], one.get("stack", "")) for one in expected]
    for one, wanted in zip(found, expected, strict=True):
        for part in wanted.get("says", []):
            assert part in f"{one.found}; {one.expected}; {one.fix}"
        assert (one.file, one.snippet) == (wanted.get("file", ""), wanted.get("write", ""))

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops.commands import access
from ops.conftest import Ops
from ops.testing.gcloud import FakeGcloud

NAME = "projects/p/locations/global/entitlements/e/grants/1"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "POLL_SECONDS", 0.001)


def test_a_request_waits_for_its_approval_and_leaves_a_receipt(ops: Ops, gcloud: FakeGcloud, tmp_path: Path) -> None:
    gcloud.answers(
        (("grants", "create"), [{"name": NAME}]),
        (("grants", "describe"), [{"state": "APPROVAL_AWAITED"}, {"state": "ACTIVATING"}, {"state": "ACTIVE"}]),
    )
    said = ops("access", "kitchen-sink", "staging", "request", "read", "--reason=INC-1", "--for=10m")
    assert said.code == 0, said.err
    assert "waits to be approved by access-approvers@acme.example" in said.err
    assert f"python -m ops access kitchen-sink staging revoke {NAME}" in said.err
    created = gcloud.calls()[0]
    assert "--requested-duration=600s" in created and "--justification=INC-1" in created
    receipts = tmp_path / "state" / "msp" / "receipts.jsonl"
    assert receipts.stat().st_mode & 0o077 == 0
    kept = json.loads(receipts.read_text())
    assert (kept["what"], kept["level"], kept["reason"], kept["grant"]) == ("access", "read", "INC-1", NAME)


def test_a_denied_request_is_a_failure(ops: Ops, gcloud: FakeGcloud) -> None:
    gcloud.answers((("grants", "create"), [{"name": NAME}]), (("grants", "describe"), [{"state": "DENIED"}]))
    said = ops("access", "kitchen-sink", "prod", "request", "read", "--reason=x")
    assert said.code == 1
    assert "was not given: denied" in said.err


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("request", "read"), "needs a reason"),
        (("request", "rade", "--reason=x"), "no level 'rade'"),
        (("request", "read", "--reason=x", "--for=9d"), "at most; 9d were asked for"),
        (("revoke", "--reason=x"), "revoke what?"),
    ],
)
def test_nothing_is_asked_for_by_half(ops: Ops, gcloud: FakeGcloud, argv: tuple[str, ...], message: str) -> None:
    said = ops("access", "kitchen-sink", "prod", *argv)
    assert said.code == 2 and message in said.err
    assert gcloud.calls() == []

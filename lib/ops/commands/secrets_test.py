from __future__ import annotations

import io

import pytest

from ops.conftest import Ops
from ops.testing.gcloud import FakeGcloud

VALUE = "hunter2 $(id) 'x'"


def test_a_value_comes_from_standard_input_and_is_on_no_command_line(
    ops: Ops, gcloud: FakeGcloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{VALUE}\n"))
    said = ops("secrets", "kitchen-sink", "prod", "add", "oidc-client-secret", "--verbose")
    assert said.code == 0, said.err
    assert gcloud.inputs() == [VALUE]
    assert not any("hunter2" in word for call in gcloud.calls() for word in call)
    assert "hunter2" not in said.out + said.err


@pytest.mark.parametrize(("value", "message"), [("\n", "is empty"), ("x" * 65_537, "65536 at most")])
def test_what_cant_be_stored_is_refused_before_it_is_sent(
    ops: Ops, gcloud: FakeGcloud, monkeypatch: pytest.MonkeyPatch, value: str, message: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(value))
    said = ops("secrets", "kitchen-sink", "prod", "add", "oidc-client-secret")
    assert said.code == 1 and message in said.err
    assert gcloud.calls() == []


def test_a_secret_that_the_spec_lacks_is_declared_first(ops: Ops, gcloud: FakeGcloud) -> None:
    said = ops("secrets", "kitchen-sink", "prod", "add", "oidc-client-secert")
    assert said.code == 2
    assert "did you mean 'oidc-client-secret'?" in said.err and "secretEnv:" in said.err
    assert gcloud.calls() == []

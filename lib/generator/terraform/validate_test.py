from __future__ import annotations

import copy

import pytest

from generator.terraform.validate import validate_stack
from generator.testing.right_stacks import RIGHT
from generator.testing.stack_changes import SERVICE, Change, Stack, body, correct_stack, recovered_schema
from generator.testing.wrong_stacks import WRONG


def test_a_correct_stack_has_no_findings() -> None:
    stack = correct_stack()
    assert [finding.render() for finding in validate_stack(stack, recovered_schema())] == []


@pytest.mark.parametrize("change", [case[1] for case in RIGHT], ids=[case[0] for case in RIGHT])
def test_what_is_right_is_not_reported(change: Change) -> None:
    stack = correct_stack()
    change(stack)
    assert [finding.render() for finding in validate_stack(stack, recovered_schema())] == []


def test_a_finding_says_where_what_and_how_to_mend() -> None:
    stack = correct_stack()
    body(stack, SERVICE)["ingres"] = "x"
    (finding,) = validate_stack(stack, recovered_schema())
    assert finding.render() == (
        "google_cloud_run_v2_service.main.ingres: [unknown-argument] found ingres; "
        "expected an argument that the type has; fix: did you mean ingress?"
    )


def test_the_stack_is_not_changed() -> None:
    stack = correct_stack()
    before = copy.deepcopy(stack)
    validate_stack(stack, recovered_schema())
    assert stack == before


@pytest.mark.parametrize("wrong", [{}, {"resource": []}, {"output": {"x": 1}}, {"terraform": 3, "locals": "x"}])
def test_a_stack_of_the_wrong_shape_is_reported_not_raised(wrong: Stack) -> None:
    assert validate_stack(wrong, recovered_schema())


@pytest.mark.parametrize(("change", "key", "code"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_is_wrong_is_found(change: Change, key: str, code: str) -> None:
    stack = correct_stack()
    change(stack)
    found = [(finding.key, finding.code) for finding in validate_stack(stack, recovered_schema())]
    assert any(found_key.endswith(key) and found_code == code for found_key, found_code in found), found


def test_everything_wrong_is_found_at_once() -> None:
    stack = correct_stack()
    together = ["unknown type", "unknown argument", "list for a string", "value not accepted", "no backend", "cycle"]
    for name, change, _, _ in WRONG:
        if name in together:
            change(stack)
    codes = {finding.code for finding in validate_stack(stack, recovered_schema())}
    assert codes == {"unknown-type", "unknown-argument", "wrong-type", "wrong-value", "missing-backend", "cycle"}

from __future__ import annotations

from typing import Any

from generator.terraform.environment import validate_environment


def _stack(name: str, outputs: tuple[str, ...] = (), **sections: Any) -> dict[str, Any]:
    return {
        "terraform": {"backend": {"gcs": _state(name)}},
        "output": {output: {"value": "x"} for output in outputs},
        **sections,
    }


def _state(name: str) -> dict[str, str]:
    return {"bucket": "acme-state", "prefix": f"accounts/dev/{name}"}


def _reading(source: str, name: str) -> dict[str, Any]:
    return {"terraform_remote_state": {source: {"backend": "gcs", "config": _state(name)}}}


def _findings(stacks: dict[str, dict[str, Any]]) -> list[tuple[str, str, str, str, str]]:
    return [
        (stack, finding.address, finding.code, finding.found, finding.fix)
        for stack, findings in validate_environment(stacks).items()
        for finding in findings
    ]


def test_outputs_that_are_declared_may_be_read() -> None:
    value = {"x": "${data.terraform_remote_state.project.outputs.id}"}
    assert (
        _findings(
            {
                "project": _stack("project", ("id",)),
                "iam": _stack("iam", data=_reading("project", "project"), locals=value),
            }
        )
        == []
    )


def test_an_output_that_is_not_declared_is_found_wherever_it_is_read() -> None:
    text = "a-${data.terraform_remote_state.project.outputs.numbr}"
    iam = _stack(
        "iam",
        data=_reading("project", "project"),
        locals={"x": [text]},
        resource={"google_sql_user": {"u": {"settings": [{"a": text}]}}},
        provider={"google": [{"project": text}]},
    )
    iam["output"]["o"] = {"value": text}
    found = _findings({"project": _stack("project", ("id", "number")), "iam": iam})
    name = "data.terraform_remote_state.project.outputs.numbr"
    assert found == [
        ("iam", address, "unknown-output", name, "did you mean number?")
        for address in ("google_sql_user.u", "local.x", "output.o", "provider.google")
    ]


def test_a_state_that_no_stack_of_the_environment_keeps_is_found() -> None:
    found = _findings({"project": _stack("project"), "iam": _stack("iam", data=_reading("project", "projekt"))})
    assert [(stack, address, code) for stack, address, code, _, _ in found] == [
        ("iam", "data.terraform_remote_state.project", "unknown-stack")
    ]


def test_a_stack_cannot_read_what_is_applied_after_it() -> None:
    found = _findings({"project": _stack("project", data=_reading("later", "iam")), "iam": _stack("iam", ("x",))})
    assert found == [
        ("project", "data.terraform_remote_state.later", "unknown-stack", "iam", "change the order of the stacks")
    ]

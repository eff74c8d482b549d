from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from generator.testing.stack_changes import Change, Stack, correct_stack, recovered_schema
from generator.testing.stub_providers import StubProviders
from generator.testing.terraform import (
    STACK_FILE,
    apply_environment,
    terraform_apply,
    terraform_missing_reason,
    terraform_plan,
    terraform_validate,
)
from generator.testing.values import SECRET
from generator.testing.wrong_stacks import WRONG

_REASON = terraform_missing_reason()
needs_terraform = pytest.mark.skipif(_REASON is not None, reason=_REASON or "")

_OURS_ALONE = {
    # The platform's own demands, and what Terraform answers with a null.
    "no provider",
    "provider not configured",
    "short source",
    "version range",
    "other version",
    "no backend",
    "write-only argument is read",
}


@pytest.fixture(scope="module")
def stub() -> Iterator[StubProviders]:
    with StubProviders(recovered_schema()) as providers:
        yield providers


def _write(folder: Path, stack: Stack) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STACK_FILE).write_text(json.dumps(stack))
    return folder


@needs_terraform
def test_a_correct_stack_validates_plans_and_applies(stub: StubProviders, tmp_path: Path) -> None:
    folder = _write(tmp_path, correct_stack())
    assert terraform_validate(stub, folder).problems == ()
    plan = terraform_plan(stub, folder)
    assert plan.problems == ()
    planned = {change["address"]: change["change"]["actions"] for change in plan.plan["resource_changes"]}
    assert planned["google_sql_user.owner"] == ["create"]
    applied = terraform_apply(stub, folder)
    assert applied.problems == ()
    assert applied.state["outputs"]["service"]["value"] == "made-up-google_cloud_run_v2_service.uri"


@needs_terraform
def test_no_ephemeral_value_is_in_the_plan_or_the_state(stub: StubProviders, tmp_path: Path) -> None:
    applied = terraform_apply(stub, _write(tmp_path, correct_stack()))
    assert applied.state["resources"]
    assert SECRET not in json.dumps(applied.plan)
    assert SECRET not in json.dumps(applied.state)


@needs_terraform
def test_a_secret_that_would_be_stored_is_seen(stub: StubProviders, tmp_path: Path) -> None:
    """The test above can fail: what is given to an argument that is not write-only is in the state."""
    stack = correct_stack()
    stack["resource"]["google_sql_user"]["owner"]["password"] = SECRET
    assert SECRET in json.dumps(terraform_apply(stub, _write(tmp_path, stack)).state)


@needs_terraform
@pytest.mark.parametrize(
    "change",
    [change for name, change, _, _ in WRONG if name not in _OURS_ALONE],
    ids=[name for name, _, _, _ in WRONG if name not in _OURS_ALONE],
)
def test_terraform_refuses_what_our_validator_refuses(stub: StubProviders, tmp_path: Path, change: Change) -> None:
    stack = correct_stack()
    change(stack)
    folder = _write(tmp_path, stack)
    assert terraform_validate(stub, folder).errors or terraform_plan(stub, folder).errors


@needs_terraform
@pytest.mark.parametrize(
    "change",
    [change for name, change, _, _ in WRONG if name in _OURS_ALONE],
    ids=[name for name, _, _, _ in WRONG if name in _OURS_ALONE],
)
def test_terraform_would_let_pass_what_only_we_refuse(stub: StubProviders, tmp_path: Path, change: Change) -> None:
    stack = correct_stack()
    change(stack)
    assert terraform_validate(stub, _write(tmp_path, stack)).errors == ()


@needs_terraform
def test_an_error_says_what_and_where(stub: StubProviders, tmp_path: Path) -> None:
    stack = correct_stack()
    stack["resource"]["google_sql_user"]["owner"]["instance"] = "${google_sql_database_instance.other.name}"
    (error,) = terraform_validate(stub, _write(tmp_path, stack)).errors
    assert error.summary == "Reference to undeclared resource"
    assert 'managed resource "google_sql_database_instance" "other" has not been declared' in error.detail


@needs_terraform
def test_nothing_is_left_beside_the_stack(stub: StubProviders, tmp_path: Path) -> None:
    folder = _write(tmp_path, correct_stack())
    terraform_apply(stub, folder)
    assert [path.name for path in folder.iterdir()] == [STACK_FILE]


@needs_terraform
def test_hand_written_files_are_part_of_the_stack(stub: StubProviders, tmp_path: Path) -> None:
    folder = _write(tmp_path, correct_stack())
    text = 'output "extra" {\n  value = "${local.name}-${data.terraform_remote_state.project.outputs.number}"\n}\n'
    (folder / "extra.tf").write_text(text)
    planned = terraform_plan(stub, folder)
    assert planned.plan["planned_values"]["outputs"]["extra"]["value"] == "accounts-made-up-project-number"


@needs_terraform
def test_the_callers_settings_for_terraform_have_no_effect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_CLI_ARGS", "-no-such-option")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(tmp_path / "absent"))
    with StubProviders(recovered_schema()) as stub:
        assert terraform_validate(stub, _write(tmp_path / "stack", correct_stack())).problems == ()


def _simple(name: str, **sections: Any) -> Stack:
    requirement = {"source": "registry.terraform.io/hashicorp/google", "version": "6.50.0"}
    return {
        "terraform": {"backend": {"gcs": _state(name)}, "required_providers": {"google": requirement}},
        "provider": {"google": [{}]},
        **sections,
    }


def _state(name: str) -> dict[str, str]:
    return {"bucket": "acme-state", "prefix": f"accounts/dev/{name}"}


_PROJECT = _simple(
    "project",
    resource={"google_project": {"main": {"name": "Accounts", "project_id": "accounts-dev"}}},
    output={
        "number": {"value": "${google_project.main.number}"},
        "apis": {"value": ["run.googleapis.com", "${google_project.main.project_id}"]},
    },
)
_READS_PROJECT = {"terraform_remote_state": {"project": {"backend": "gcs", "config": _state("project")}}}


@needs_terraform
def test_stacks_of_an_environment_read_each_others_states(stub: StubProviders, tmp_path: Path) -> None:
    iam = _simple(
        "iam",
        data=_READS_PROJECT,
        output={
            "name": {"value": "p-${data.terraform_remote_state.project.outputs.number}"},
            "api": {"value": "${data.terraform_remote_state.project.outputs.apis[1]}"},
        },
    )
    stacks = {"project": _write(tmp_path / "project", _PROJECT), "iam": _write(tmp_path / "iam", iam)}
    results = apply_environment(stub, stacks)
    assert {name: result.problems for name, result in results.items()} == {"project": (), "iam": ()}
    outputs = {name: output["value"] for name, output in results["iam"].state["outputs"].items()}
    assert outputs == {"name": "p-made-up-google_project.number", "api": "accounts-dev"}


@needs_terraform
def test_an_environment_stops_at_the_first_stack_with_an_error(stub: StubProviders, tmp_path: Path) -> None:
    value = {"x": {"value": "${data.terraform_remote_state.project.outputs.absent}"}}
    stacks = {
        "project": _write(tmp_path / "project", _PROJECT),
        "iam": _write(tmp_path / "iam", _simple("iam", data=_READS_PROJECT, output=value)),
        "run": _write(tmp_path / "run", _simple("run")),
    }
    results = apply_environment(stub, stacks)
    assert list(results) == ["project", "iam"]
    assert [error.summary for error in results["iam"].errors] == ["Unsupported attribute"]


def test_the_reason_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert terraform_missing_reason() == "there is no terraform on PATH; install Terraform 1.11 or newer"

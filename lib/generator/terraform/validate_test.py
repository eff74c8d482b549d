from __future__ import annotations

import copy

import pytest

from generator.terraform.schema import Schema
from generator.terraform.stack_changes import (
    INSTANCE,
    SERVICE,
    USER,
    Change,
    Stack,
    assign,
    body,
    output,
    project,
    template,
)
from generator.terraform.validate import validate_stack


def test_a_correct_stack_has_no_findings(stack: Stack, schema: Schema) -> None:
    assert [finding.render() for finding in validate_stack(stack, schema)] == []


_RIGHT: list[tuple[str, Change]] = [
    ("a number given as text", assign(USER, password_wo_version="2")),
    ("a boolean given as text", assign(INSTANCE, deletion_protection="true")),
    ("a number for a string", assign(SERVICE, name=5)),
    ("one block as an object or as a list", lambda s: body(s, SERVICE).update(template=[template(s)])),
    ("a block set to null", assign(SERVICE, traffic=None)),
    ("an escaped template", assign(SERVICE, name="$${not.a.reference}")),
    ("a splat", output("${google_sql_database_instance.main.ip_address[*].ip_address}")),
    ("the first of a set", output("${tolist(google_cloud_run_v2_service.main.template[0].containers[0].env)[0]}")),
    ("an ephemeral value made null", output("${ephemeralasnull(ephemeral.random_password.owner.result)}")),
    ("the workspace and the path", output("${terraform.workspace}${path.module}")),
    ("a whole resource", output("${google_sql_user.owner}")),
    ("a map's key", output('${google_secret_manager_secret.owner.effective_labels["a"]}')),
    ("an unknown output of another stack", output("${data.terraform_remote_state.project.outputs.a.b[0]}")),
    ("count", lambda s: s["resource"].update(project(count=2, folder_id="${count.index}"))),
    (
        "an instance of a counted resource",
        lambda s: (s["resource"].update(project(count=2)), output("${google_project.extra[0].number}")(s)),
    ),
    (
        "all instances",
        lambda s: (s["resource"].update(project(for_each={})), output("${google_project.extra[*].number}")(s)),
    ),
    (
        "replace_triggered_by an attribute",
        assign(USER, lifecycle={"replace_triggered_by": ["google_sql_database_instance.main.name"]}),
    ),
    ("a conversion function", assign("postgresql_grant.readers", privileges='${toset(["SELECT"])}')),
    (
        "dynamic blocks",
        lambda s: template(s).update(
            dynamic={"volumes": {"for_each": ["a"], "content": {"name": "${volumes.value}", "empty_dir": {}}}}
        ),
    ),
    (
        "an alias",
        lambda s: (s["provider"]["google"].append({"alias": "second"}), assign(USER, provider="google.second")(s)),
    ),
    ("a remark", lambda s: s.update({"//": {"generated": "by"}})),
]


@pytest.mark.parametrize("change", [case[1] for case in _RIGHT], ids=[case[0] for case in _RIGHT])
def test_what_is_right_is_not_reported(stack: Stack, schema: Schema, change: Change) -> None:
    change(stack)
    assert [finding.render() for finding in validate_stack(stack, schema)] == []


def test_a_finding_says_where_what_and_how_to_mend(stack: Stack, schema: Schema) -> None:
    body(stack, SERVICE)["ingres"] = "x"
    (finding,) = validate_stack(stack, schema)
    assert finding.render() == (
        "google_cloud_run_v2_service.main.ingres: [unknown-argument] found ingres; "
        "expected an argument that the type has; fix: did you mean ingress?"
    )


def test_the_stack_is_not_changed(stack: Stack, schema: Schema) -> None:
    before = copy.deepcopy(stack)
    validate_stack(stack, schema)
    assert stack == before


@pytest.mark.parametrize("wrong", [{}, {"resource": []}, {"output": {"x": 1}}, {"terraform": 3, "locals": "x"}])
def test_a_stack_of_the_wrong_shape_is_reported_not_raised(schema: Schema, wrong: Stack) -> None:
    assert validate_stack(wrong, schema)

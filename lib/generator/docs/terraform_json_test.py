from __future__ import annotations

from typing import Any

import pytest

from generator.docs import terraform_json

STACK: dict[str, Any] = {
    "resource": {
        "postgresql_role": {"owner": {"name": "msp_owner"}},
        "postgresql_grant_role": {
            "b": {"role": "x@y.z", "grant_role": "${postgresql_role.owner.name}"},
            "a": {"role": "w"},
        },
        "loop": {"a": {"name": "${loop.b.name}"}, "b": {"name": "${loop.a.name}"}},
    }
}


def test_resources_come_sorted() -> None:
    assert [(found.kind, found.id) for found in terraform_json.resources(STACK)] == [
        ("loop", "a"),
        ("loop", "b"),
        ("postgresql_grant_role", "a"),
        ("postgresql_grant_role", "b"),
        ("postgresql_role", "owner"),
    ]
    assert terraform_json.count(STACK) == {"loop": 2, "postgresql_grant_role": 2, "postgresql_role": 1}
    assert list(terraform_json.resources({}, "postgresql_role")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("${postgresql_role.owner.name}", "msp_owner"),
        ("${postgresql_role.owner.id}", "${postgresql_role.owner.id}"),
        ("${loop.a.name}", "${loop.a.name}"),
        ("plain", "plain"),
        ("$${HOME} %%{if}", "${HOME} %{if}"),
        ("a ${b.c.d}", "a ${b.c.d}"),
    ],
)
def test_references_are_followed_and_literals_unescaped(text: str, found: str) -> None:
    assert terraform_json.resolve(STACK, text) == found


@pytest.mark.parametrize(
    ("text", "answer"), [("a", False), ("${a.b.c}", True), ("x%{ if }", True), ("$${a}", False), ("%%{a}", False)]
)
def test_what_is_a_reference(text: str, answer: bool) -> None:
    assert terraform_json.is_reference(text) is answer


def test_remote_outputs() -> None:
    read = terraform_json.remote_output
    assert read("${data.terraform_remote_state.data.outputs.database_private_ip}") == ("data", "database_private_ip")
    assert read("${google_project.project.number}") is None


@pytest.mark.parametrize("as_list", [True, False])
def test_the_container_s_variables_whichever_way_blocks_are_written(as_list: bool) -> None:
    def block(value: Any) -> Any:
        return [value] if as_list else value

    env = [{"name": "A", "value": "1"}]
    container = {"containers": [{"env": env}]}
    service = {"resource": {"google_cloud_run_v2_service": {"s": {"template": block(container)}}}}
    job = {"resource": {"google_cloud_run_v2_job": {"j": {"template": block({"template": block(container)})}}}}
    for stack in (service, job):
        assert terraform_json.containers_variables(stack) == {"A": env[0]}
    assert terraform_json.containers_variables({}) == {}

from __future__ import annotations

import pytest
from msp.util_rules.spec_peek import SpecPeek, peek, peek_resources


def test_reads_the_environments_ids_in_order() -> None:
    spec = b"service: {id: a}\nenvironments:\n- {id: prod, tier: external}\n- id: dev\n"
    assert peek("service.yaml", spec) == SpecPeek(("prod", "dev"), tiers=("external", ""))


@pytest.mark.parametrize(
    "spec, problem",
    [
        (b"", "s.yaml: no list of `environments`"),
        (b"- 1\n", "s.yaml:1:1: no list of `environments`"),
        (b"service: {}\n", "s.yaml:1:1: no list of `environments`"),
        (b"environments: {dev: {}}\n", "s.yaml:1:1: no list of `environments`"),
        (b"a: [1\nb: 2\n", "s.yaml:2:"),
        (b"a: \xff\n", "s.yaml: not UTF-8"),
        (b"a: &x [*x]\nb: *y\n", "s.yaml:2:4: found undefined alias"),
        (b"[" * 5000, "s.yaml"),
    ],
)
def test_a_malformed_spec_has_no_environments_and_one_problem(spec: bytes, problem: str) -> None:
    found = peek("s.yaml", spec)
    assert found.environments == ()
    assert problem in found.problem


@pytest.mark.parametrize("entry", ["{}", "{id: }", "{id: [x]}", "{id: Prod}", "{id: 'a b'}", "{id: ../x}", "text", "{id: dev}"])
def test_an_entry_without_an_id_of_its_own_is_left_out(entry: str) -> None:
    found = peek("s.yaml", f"environments:\n- {{id: dev}}\n- {entry}\n- {{id: prod}}\n".encode())
    assert found == SpecPeek(("dev", "prod"), "s.yaml:3:3: an environment without an id of its own", ("", ""))


@pytest.mark.parametrize(
    "environments, resources",
    [
        ("[{id: dev, resources: {postgres: {databases: [a]}}}, {resources: {redis: {}, queues: []}}]", "postgres queues redis"),
        ("[{id: dev, resources: {bigquery: {tables: [events, users]}}}]", "bigquery events"),
        ("[{id: dev, resources: {bigquery: {tables: [users]}}}]", "bigquery"),
        ("[{id: dev, resources: [x]}, text, {resources: {bigquery: {tables: events}}}]", "bigquery"),
        ("[{id: dev}]", ""),
        ("{resources: {postgres: {}}}", ""),
        ("[", ""),
    ],
)
def test_resources_of_all_environments(environments: str, resources: str) -> None:
    assert sorted(peek_resources(f"environments: {environments}\n".encode())) == resources.split()


def test_bytes_that_are_no_text_have_no_resources() -> None:
    assert peek_resources(b"\xff") == frozenset()

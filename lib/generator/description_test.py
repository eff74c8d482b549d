"""The description says what the container gets: compared with the Terraform that is made of the kitchen sinks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.docs.terraform_json import containers_variables, is_reference, resolve
from generator.terraform.schema import load_schema
from generator.testing import rendered
from spec.constants import CONTRACT
from spec.description import Description, DescriptionError, Variable, read
from spec.loader import load_fleet


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is made of the golden fleet."""
    bindings = rendered.activate()
    from generator.cli import write
    from generator.generate import generate

    root, out = tmp_path_factory.mktemp("fleet"), tmp_path_factory.mktemp("out")
    fleet = load_fleet(Path("platform.yaml"), rendered.golden_fleet(root), root)
    write(generate(fleet, root, load_schema(bindings / "schema.json")).files, out)
    return out


@pytest.fixture(scope="module")
def descriptions(out: Path) -> list[Description]:
    return [read(path) for path in sorted(out.glob("*/description.json"))]


def test_there_is_one_for_each_service_with_all_its_environments(out: Path, descriptions: list[Description]) -> None:
    services = sorted(path.name for path in out.iterdir())
    assert [one.id for one in descriptions] == services and len(services) >= 7
    for one in descriptions:
        assert {environment.id for environment in one.environments} == {
            path.name for path in (out / one.id).iterdir() if path.is_dir()
        }


def test_it_has_every_variable_of_the_container_as_terraform_has_it(out: Path, descriptions: list[Description]) -> None:
    for one in descriptions:
        for environment in one.environments:
            stack = json.loads((out / one.id / environment.id / "run" / "cdk.tf.json").read_text())
            made = containers_variables(stack)
            told = {variable.name: variable for variable in environment.variables if variable.kind != "injected"}
            assert told.keys() == made.keys(), (one.id, environment.id)
            for name, variable in told.items():
                assert agrees(variable, made[name], stack), (one.id, environment.id, name)


def agrees(variable: Variable, made: Mapping[str, Any], stack: Mapping[str, Any]) -> bool:
    if "value_source" in made:
        reference = made["value_source"]["secret_key_ref"]
        # Of a secret that another stack makes, Terraform knows the name from there.
        same = is_reference(reference["secret"]) or variable.secret == reference["secret"]
        return variable.kind == "secret" and same and variable.version == reference["version"]
    if variable.terraform is not None:
        return is_reference(made["value"])
    if is_reference(made["value"]):
        return variable.name in {"PGINSTANCE", "INVOKER_EMAIL"} and bool(variable.value)
    return variable.kind == "plain" and variable.value == resolve(stack, made["value"])


def test_no_variable_of_the_contract_is_without_an_example(descriptions: list[Description]) -> None:
    told = {variable.name for one in descriptions for each in one.environments for variable in each.variables}
    assert {variable.name for variable in CONTRACT} <= told


def test_what_differs_from_region_to_region(descriptions: list[Description]) -> None:
    world = next(each for one in descriptions for each in one.environments if len(each.regions) > 1)
    where = world.variable("GOOGLE_CLOUD_REGION")
    assert where is not None and where.value == world.regions[0]
    assert where.regions == {region: region for region in world.regions[1:]}
    tier = world.variable("TIER")
    assert tier is not None and tier.regions == {}


def test_resources_have_their_full_names(descriptions: list[Description]) -> None:
    for one in descriptions:
        for each in one.environments:
            resources = each.resources
            for name, pairs in (("BUCKETS", resources.buckets), ("TOPICS", resources.topics), ("QUEUES", resources.queues)):
                value = each.variable(name)
                assert (value.value if value else "") == ",".join(f"{key}={full}" for key, full in pairs.items())
            assert (resources.postgres is not None) == (each.variable("PGHOST") is not None)
            assert resources.redis == (each.variable("REDIS_ENDPOINT") is not None)
            assert (resources.bigquery is not None) == (each.variable("BIGQUERY_DATASET_ID") is not None)
            assert bool(resources.subscriptions) == (each.variable("SUBSCRIPTIONS") is not None)


@pytest.mark.parametrize(
    ("content", "told"), [(None, "is missing"), ("{", "is not JSON"), ('{"version": 9}', "has version 9"), ("[]", "has version None")]
)
def test_what_cannot_be_read_says_what_to_do(tmp_path: Path, content: str | None, told: str) -> None:
    if content is not None:
        (tmp_path / "description.json").write_text(content)
    with pytest.raises(DescriptionError, match=rf"description\.json {told}.*\./pants msp-generate"):
        read(tmp_path / "description.json")


def test_an_environment_that_there_is_not(descriptions: list[Description]) -> None:
    with pytest.raises(DescriptionError, match="no environment 'qa'; its spec has: "):
        descriptions[0].environment("qa")

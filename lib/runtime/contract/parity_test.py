"""What the generator sets and what the library reads are the same."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias, get_args

import pytest
import yaml

from generator.terraform.schema import load_schema
from generator.testing import rendered
from runtime.contract import Kind, Reader, read_contract, read_options
from runtime.contract.undeclared import LINES
from spec import workloads
from spec.constants import CONTRACT, RESERVED_ENV_NAMES
from spec.loader import load_fleet

Container: TypeAlias = tuple[Kind, dict[str, str], frozenset[str]]
"""The kind, what the container gets, what of it the spec's author wrote."""

OUTPUTS = {
    "database_private_ip": "10.0.0.2",
    "redis_endpoint": "rediss://10.0.0.3:6379",
    "redis_ca_certificates": "-----BEGIN CERTIFICATE-----",
}
"""What Terraform puts in for another stack's output, where a word won't do."""


SECRETS = {"REDIS_CA_CERTIFICATE": OUTPUTS["redis_ca_certificates"]}
"""The same for what Secret Manager holds, by variable."""


def applied(variable: Mapping[str, Any]) -> str:
    """The value that the container sees once Terraform has run."""
    if "value" not in variable:
        return SECRETS.get(variable["name"], "hush")
    return re.sub(r"\$\{[^}]*\.outputs\.(\w+)\}", lambda match: OUTPUTS.get(match[1], match[1]), variable["value"])


def environments(root: Path) -> dict[str, Container]:
    """By `<service>/<environment>/<Terraform's name>`, out of the Terraform that the generator makes of the kitchen sinks:
    an environment has one container for each of its regions."""
    from generator.generate import generate

    fleet = load_fleet(Path("platform.yaml"), rendered.golden_fleet(root), root)
    made = generate(fleet, root, load_schema(rendered.activate() / "schema.json"))
    found: dict[str, Container] = {}
    for service in fleet.services:
        for environment in service.spec.environments:
            id = f"{service.spec.service.id}/{environment.id}"
            own = frozenset(environment.env) | frozenset(environment.secret_env)
            stack = json.loads(made.files[Path(id, "run", "cdk.tf.json").as_posix()])
            for name, workload in cloud_run(stack).items():
                # Beside the first there may be a collector.
                container = (workload.get("template") or workload)["containers"][0]
                values = {variable["name"]: applied(variable) for variable in container["env"]}
                found[f"{id}/{name}"] = (service.spec.service.kind, values, own)
    return found


def cloud_run(stack: Mapping[str, Any]) -> dict[str, Any]:
    kinds = tuple(f"google_cloud_run_v2_{kind}" for kind in ("service", "job", "worker_pool"))
    return {name: one["template"] for kind in kinds for name, one in stack["resource"].get(kind, {}).items()}


@pytest.fixture(scope="module")
def containers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Container]:
    rendered.activate()
    return environments(tmp_path_factory.mktemp("fleet"))


def test_the_library_reads_every_variable_of_the_contract() -> None:
    for kind in get_args(Kind):
        reader = Reader({})
        read_contract(reader, "sample", kind)
        read_options(reader, on_platform=True)
        assert RESERVED_ENV_NAMES <= {variable.name for variable in reader.declared}


def test_kinds_are_those_of_the_spec() -> None:
    assert get_args(Kind) == get_args(workloads.Kind)


def test_meanings_are_the_contracts_own() -> None:
    reader = Reader({})
    read_contract(reader, "sample", "service")
    read_options(reader, on_platform=True)
    read = {variable.name: variable.meaning for variable in reader.declared}
    assert {variable.name: variable.meaning for variable in CONTRACT}.items() <= read.items()


def test_every_variable_that_the_generator_sets_is_known(
    containers: dict[str, Container],
) -> None:
    reader = Reader({})
    read_contract(reader, "sample", "service")
    read_options(reader, on_platform=True)
    known = {variable.name for variable in reader.declared}
    unknown = {id: set(values) - own - known for id, (_, values, own) in containers.items()}
    assert {id: names for id, names in unknown.items() if names} == {}
    assert len(containers) >= 10


def test_every_variable_that_the_library_requires_is_set(
    containers: dict[str, Container],
) -> None:
    wrong = {}
    for id, (kind, values, _) in containers.items():
        injected = {"PORT": "8080"} if kind == "service" else {}
        reader = Reader({**values, **injected})
        contract = read_contract(reader, "sample", kind)
        read_options(reader, on_platform=True)
        if contract is None or reader.problems:
            wrong[id] = [str(problem) for problem in reader.problems]
            continue
        assert (contract.postgres is None) == ("PGHOST" not in values), id
        assert (contract.redis is None) == ("REDIS_ENDPOINT" not in values), id
        assert contract.buckets.keys() == {
            pair.split("=")[0] for pair in values.get("BUCKETS", "").split(",") if pair
        }, id
    assert wrong == {}


@pytest.mark.parametrize("kind", LINES)
def test_the_lines_to_add_are_lines_that_the_spec_takes(kind: str, tmp_path: Path) -> None:
    """They go into the smallest spec that there is, and the spec model accepts them."""
    lines = re.sub(r"topic: <.*>", "topic: projects/shop-prod-4c1e/topics/orders", LINES[kind].format(name="sample"))
    lines = lines.replace("<a zone of platform.yaml>", "acme.example").replace("<a group>", "staff")
    spec = rendered.sample("service", {}, yaml.safe_load(lines))
    columns = tmp_path / "services" / "sample" / "bigquery" / "sample.json"
    columns.parent.mkdir(parents=True)
    columns.write_text('[{"name": "at", "type": "TIMESTAMP", "mode": "REQUIRED"}]', encoding="utf-8")
    fleet = rendered.load(spec, tmp_path)
    assert [one for one in fleet.diagnostics if one.severity == "error"] == []

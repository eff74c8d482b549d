"""A publication of a table that is not there yet: Terraform says so in words, before it makes anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.testing import rendered
from generator.testing.stack_changes import recovered_schema
from generator.testing.stub_providers import StubProviders
from generator.testing.terraform import apply_environment, terraform_missing_reason

_REASON = terraform_missing_reason()
pytestmark = pytest.mark.skipif(_REASON is not None, reason=_REASON or "")

ENVIRONMENT = {
    "resources": {
        "postgres": {
            "databases": ["main"],
            "analytics": {
                "tenantProject": "d7c3726edb939bf87p-tp",
                "publications": [{"name": "core", "database": "main", "tables": ["users", "orders"]}],
            },
        }
    }
}


def stacks(root: Path, there: list[str]) -> dict[str, Path]:
    """The environment's stacks up to `publications`, with a database in which these tables are found."""
    rendered.activate()
    from generator.generate import synthesize_stacks

    fleet = rendered.load(rendered.sample("service", {}, ENVIRONMENT), root)
    assert fleet.platform is not None
    made = synthesize_stacks(fleet.services, fleet.platform)["sample"]["dev"]
    folders = {}
    for name in ("project", "network", "data", "publications"):
        folders[name] = root / "out" / name
        folders[name].mkdir(parents=True)
        stack = dict(made[name])
        if name == "publications":
            stack["data"]["postgresql_tables"]["core-found"]["like_any_patterns"] = there
        (folders[name] / "cdk.tf.json").write_text(json.dumps(stack))
    return folders


def test_the_missing_table_is_named(tmp_path: Path) -> None:
    with StubProviders(recovered_schema()) as stub:
        results = apply_environment(stub, stacks(tmp_path, ["users", "others"]))
    (error,) = results["publications"].errors
    assert error.summary == "Resource precondition failed"
    assert "Database main has no table orders yet. Deploy the service" in error.detail
    assert [name for name, result in results.items() if result.errors] == ["publications"]


def test_with_all_tables_there_it_is_made(tmp_path: Path) -> None:
    with StubProviders(recovered_schema()) as stub:
        results = apply_environment(stub, stacks(tmp_path, ["orders", "users"]))
    assert {name: result.problems for name, result in results.items()} == dict.fromkeys(results, ())

"""What lies beside the stacks, and the same stacks with state elsewhere or another engine, through the validator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.testing import rendered
from generator.testing.stack_changes import recovered_schema
from generator.testing.stub_providers import StubProviders
from generator.testing.terraform import terraform_init, terraform_missing_reason, terraform_plan, terraform_validate

RUNNER = "terraform@acme-automation.iam.gserviceaccount.com"
OPENTOFU = {"terraform": {"engine": "opentofu", "version": "1.12.3", "runner": RUNNER}}
WORKSPACES = {"state": {"hcp": {"organization": "acme", "project": "msp", "hostname": "app.terraform.io"}}}
EVERYTHING: dict[str, Any] = {
    "tier": "internal",
    "authentication": {"type": "public"},
    "domain": {"zone": "acme.example", "subdomain": "sample"},
    "resources": {"postgres": {"databases": ["main"]}, "redis": {}},
}


def made(root: Path, platform: dict[str, Any]) -> dict[str, str]:
    bindings = rendered.activate()
    from generator.generate import generate
    from generator.terraform.schema import load_schema

    fleet = rendered.load(rendered.sample("service", {}, EVERYTHING), root, platform)
    result = generate(fleet, root, load_schema(bindings / "schema.json"))
    assert [diagnostic.render() for diagnostic in result.diagnostics] == []
    return {path: content.decode() for path, content in result.files.items()}


@pytest.mark.parametrize("platform", [{}, WORKSPACES, OPENTOFU, {**WORKSPACES, **OPENTOFU}])
def test_every_home_and_engine_is_valid(platform: dict[str, Any], tmp_path: Path) -> None:
    files = made(tmp_path, platform)
    opentofu = "terraform" in platform
    assert files["sample/dev/.tool-versions"] == ("opentofu 1.12.3\n" if opentofu else "terraform 1.11.4\n")
    everything = "".join(text for path, text in files.items() if path.endswith(".tf.json"))
    assert ("registry.opentofu.org" in everything) == opentofu
    assert ("registry.terraform.io" in everything) == (not opentofu)
    assert ('"cloud"' in everything) == ("state" in platform) == ('"gcs"' not in everything)


NOWHERE = {"state": {"hcp": {"organization": "acme", "project": "msp", "hostname": "tfe.acme.invalid"}}}
"""No name below .invalid is ever found (RFC 6761), so Terraform gets as far as asking for it, and no further."""

needs_terraform = pytest.mark.skipif(terraform_missing_reason() is not None, reason=terraform_missing_reason() or "")


@needs_terraform
def test_the_real_terraform_takes_workspaces(tmp_path: Path) -> None:
    """As far as it goes without HCP Terraform: the block is read, the stack validated, and planned without its workspace."""
    files = made(tmp_path / "repository", NOWHERE)
    with StubProviders(recovered_schema()) as stub:
        for stack in ("project", "run", "grants"):
            folder = tmp_path / stack
            folder.mkdir()
            text = files[f"sample/dev/{stack}/cdk.tf.json"]
            assert '"cloud": {' in text
            (folder / "cdk.tf.json").write_text(text)
            assert "Failed to request discovery document" in terraform_init(stub, folder)
            assert terraform_validate(stub, folder).problems == ()
            assert terraform_plan(stub, folder).problems == ()


@needs_terraform
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"workspace": "sample"}, 'No argument or block type is named "workspace"'),
        ({"workspaces": {"name": "sample", "tags": ["sample"]}}, 'Only one of workspace "tags" or "name" is allowed'),
        ({"workspaces": {}}, "Missing workspace mapping strategy"),
    ],
)
def test_the_real_terraform_refuses_a_wrong_workspace(wrong: dict[str, Any], said: str, tmp_path: Path) -> None:
    """The test above can fail."""
    stack = json.loads(made(tmp_path, NOWHERE)["sample/dev/project/cdk.tf.json"])
    stack["terraform"]["cloud"].update(wrong)
    (tmp_path / "cdk.tf.json").write_text(json.dumps(stack))
    with StubProviders(recovered_schema()) as stub:
        assert said in " ".join(terraform_init(stub, tmp_path).split())


def test_programs_find_the_order_what_is_read_and_where_state_lies(tmp_path: Path) -> None:
    description = json.loads(made(tmp_path, {})["sample/dev/stacks.json"])
    assert (description["engine"], description["version"]) == ("terraform", "1.11.4")
    order = [entry["stack"] for entry in description["apply"]]
    assert order[0] == "project" and order.index("data") < order.index("grants") < order.index("run")
    for place, entry in enumerate(description["apply"]):
        assert set(entry["reads"]) <= set(order[:place]), entry
    by_stack = {entry["stack"]: entry for entry in description["apply"]}
    assert by_stack["grants"]["reads"] == ["data"]
    assert by_stack["run"]["state"] == {"gcs": "gs://acme-terraform-state/sample/dev/run/default.tfstate"}


def test_a_workspace_is_named_for_programs_too(tmp_path: Path) -> None:
    description = json.loads(made(tmp_path, WORKSPACES)["sample/dev/stacks.json"])
    assert {entry["state"]["workspace"] for entry in description["apply"]} >= {"sample-dev-run", "sample-dev-project"}


def test_the_guide_speaks_of_the_engine_and_of_the_workspaces(tmp_path: Path) -> None:
    guide = made(tmp_path, {**WORKSPACES, **OPENTOFU})["sample/operations.md"]
    assert "tofu -chdir=infra-out/sample/dev/run apply" in guide and "OpenTofu 1.12.3" in guide
    assert "terraform -chdir" not in guide and "gs://" not in guide and "storage rm" not in guide
    assert "tofu login app.terraform.io" in guide
    assert "https://app.terraform.io/app/acme/workspaces/sample-dev-run/states" in guide
    assert "grants state list | xargs tofu -chdir=infra-out/sample/dev/grants state rm" in guide
    assert "providers lock -platform=linux_amd64 -platform=linux_arm64 -platform=darwin_arm64" in guide


def test_the_guide_speaks_of_the_bucket(tmp_path: Path) -> None:
    guide = made(tmp_path, {})["sample/operations.md"]
    assert "tofu" not in guide and "terraform login" not in guide
    assert "gcloud storage rm gs://acme-terraform-state/sample/dev/grants/default.tfstate" in guide


def test_a_tier_may_stay_at_an_older_version(tmp_path: Path) -> None:
    settings = {"terraform": {"version": "1.12.3", "versions": {"internal": "1.11.4", "external": "1.11.4"}, "runner": RUNNER}}
    files = made(tmp_path, settings)
    assert files["sample/dev/.tool-versions"] == "terraform 1.11.4\n"
    assert json.loads(files["sample/dev/stacks.json"])["version"] == "1.11.4"
    assert '"required_version": "~> 1.11.0"' in files["sample/dev/run/cdk.tf.json"]
    assert "and Terraform 1.11.4: asdf" in files["sample/operations.md"]

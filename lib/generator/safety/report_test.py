"""From a changed spec to the words on the screen, over what is really generated; and the words, tried."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.safety.record import read_stack
from generator.safety.report import unsafe_changes
from generator.testing import rendered
from generator.testing.stack_changes import recovered_schema
from generator.testing.stub_providers import StubProviders
from generator.testing.terraform import terraform_missing_reason, terraform_validate
from spec.diagnostics import Diagnostic
from spec.loader import load_fleet

SPEC = Path("services/sample/service.yaml")


class Repository:
    """One service, generated again and again: what was accepted last is committed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.committed, self.generated = root / "committed", root / "generated"

    def generate(self, spec: Mapping[str, Any] | None) -> tuple[Diagnostic, ...]:
        """Generate what the spec says (None: the service is gone); what would be lost by committing it."""
        rendered.activate()
        from generator.generate import generate

        shutil.rmtree(self.generated, ignore_errors=True)
        self.generated.mkdir()
        if spec is None:
            return unsafe_changes(load_fleet(Path("platform.yaml"), [], self.root), self.committed, self.generated)
        fleet = rendered.load(spec, self.root)
        made = generate(fleet, self.root, recovered_schema())
        assert [one.render() for one in made.diagnostics] == []
        for path, content in made.files.items():
            (self.generated / path).parent.mkdir(parents=True, exist_ok=True)
            (self.generated / path).write_bytes(content)
        return unsafe_changes(fleet, self.committed, self.generated)

    def accept(self) -> None:
        shutil.rmtree(self.committed, ignore_errors=True)
        shutil.copytree(self.generated, self.committed)

    def write(self, diagnostic: Diagnostic) -> None:
        """Do what the finding says."""
        place = self.root / diagnostic.fix.split("write this into ")[1].split(";")[0]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(diagnostic.snippet)


def spec(**environment: Any) -> dict[str, Any]:
    return rendered.sample("service", {}, {"resources": {"postgres": {"databases": ["books", "archive"]}}, **environment})


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """With everything committed as generated."""
    made = Repository(tmp_path)
    assert made.generate(spec()) == ()
    made.accept()
    assert made.generate(spec()) == ()
    return made


@pytest.fixture(scope="module")
def stub() -> Iterator[StubProviders]:
    if reason := terraform_missing_reason():
        pytest.skip(reason)
    with StubProviders(recovered_schema()) as providers:
        yield providers


def test_a_database_that_left_the_spec_is_kept_by_the_block_that_the_finding_shows(
    repository: Repository, stub: StubProviders
) -> None:
    changed = spec(resources={"postgres": {"databases": ["books"]}})
    (finding,) = repository.generate(changed)
    assert (finding.path, finding.key) == (SPEC.as_posix(), "environments[0]")
    assert finding.line > 1
    assert "infra-out/sample/dev/data: google_sql_database.postgres-archive removed" in finding.found
    repository.write(finding)
    assert (repository.root / "services/sample/terraform/dev/data/removed.tf").is_file()
    assert repository.generate(changed) == ()
    assert terraform_validate(stub, repository.generated / "sample/dev/data").problems == ()


def test_a_rename_in_the_generator_is_one_line_there(repository: Repository, stub: StubProviders, tmp_path: Path) -> None:
    """As a stack would say it, with `stack.moved`."""
    stack = repository.committed / "sample/dev/data/cdk.tf.json"
    stack.write_text(stack.read_text().replace("postgres-archive", "database-archive"))
    (finding,) = repository.generate(spec())
    assert finding.code == "stateful-renamed"
    repository.write(finding)
    assert repository.generate(spec()) == ()
    assert terraform_validate(stub, repository.generated / "sample/dev/data").problems == ()


def test_a_stack_says_where_things_went(tmp_path: Path) -> None:
    rendered.activate()
    from generator.context import Context
    from generator.engine import core, synthesize
    from generator.stacks.scope import StackScope, stack_id
    from generator.terraform.canonical import canonicalise

    fleet = rendered.load(spec(), tmp_path)
    assert fleet.platform is not None
    context = Context.of(fleet.services[0].spec, fleet.services[0].spec.environments[0], fleet.platform)

    def build(app: core.App) -> None:
        stack = StackScope(app, context, "run")
        stack.moved("google_storage_bucket.files", "google_storage_bucket.objects")
        stack.moved("google_storage_bucket.more", "google_storage_bucket.other")

    made = synthesize(build)[stack_id(context, "run")]
    assert read_stack({"cdk.tf.json": canonicalise(made, origin="here").encode()}).moved == {
        "google_storage_bucket.files": "google_storage_bucket.objects",
        "google_storage_bucket.more": "google_storage_bucket.other",
    }


def test_an_end_takes_two_steps(repository: Repository) -> None:
    two = copy.deepcopy(spec())
    two["environments"].append({**copy.deepcopy(two["environments"][0]), "id": "next", "projectId": "sample-next-1f3a"})
    assert repository.generate(two) == ()
    repository.accept()
    (finding,) = repository.generate(spec())
    assert (finding.code, finding.path, finding.key) == ("environment-removed", SPEC.as_posix(), "environments")
    assert "infra-out/sample/next" in finding.found and "allowDestroys: true" in finding.fix
    two["environments"][1]["allowDestroys"] = True
    assert repository.generate(two) == ()
    repository.accept()
    assert repository.generate(spec()) == ()


def test_a_service_that_is_gone_is_told_where_it_was(repository: Repository) -> None:
    (finding,) = repository.generate(None)
    assert (finding.code, finding.path) == ("environment-removed", "infra-out/sample/dev")


def test_a_record_that_cannot_be_read_proves_nothing(repository: Repository) -> None:
    (repository.committed / "sample/dev/data/cdk.tf.json").write_text("{")
    (finding,) = repository.generate(spec())
    assert finding.code == "committed-unreadable"
    assert "infra-out/sample/dev/data/cdk.tf.json" in finding.found
    (repository.committed / "sample/dev/data/cdk.tf.json").write_text("{}")
    (repository.committed / "sample/dev/data/mine.tf").write_text("resource {{{")
    (finding,) = repository.generate(spec())
    assert "infra-out/sample/dev/data/mine.tf" in finding.found


def test_another_project_another_region(repository: Repository) -> None:
    (finding,) = repository.generate(spec(projectId="sample-dev-9999"))
    assert "project_id of google_project.project changed from sample-dev-1f3a to sample-dev-9999" in finding.found
    found = repository.generate(spec(region="us-central1"))
    assert {"stateful-replaced"} == {one.code for one in found}
    assert any("region of google_sql_database_instance.postgres" in one.found for one in found)

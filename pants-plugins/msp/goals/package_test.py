from __future__ import annotations

import json

import pytest
from msp.goals.package import (
    PackageDocsFieldSet,
    PackageEnvironmentFieldSet,
    PackageInfraFieldSet,
    PackageServiceRequest,
    WrongSpecError,
    _contents,
)
from msp.testing.rule_runner import make_rule_runner, service
from msp.util_rules.services import MspService

from pants.core.goals.package import BuiltPackage, PackageFieldSet
from pants.engine.addresses import Address
from pants.engine.fs import EMPTY_FILE_DIGEST, Digest, DigestContents, FileEntry
from pants.testutil.rule_runner import QueryRule, RuleRunner, engine_error

FIELD_SETS = (PackageEnvironmentFieldSet, PackageInfraFieldSet, PackageDocsFieldSet)


@pytest.fixture
def runner() -> RuleRunner:
    return make_rule_runner(
        [QueryRule(BuiltPackage, [one]) for one in FIELD_SETS] + [QueryRule(DigestContents, [Digest])]
    )


def package(runner: RuleRunner, name: str, generated: str | None = None, of: str = "accounts") -> dict[str, str]:
    target = runner.get_target(Address(f"services/{of}", target_name=name, generated_name=generated))
    (applicable,) = (one for one in FIELD_SETS if one.is_applicable(target))
    built = runner.request(BuiltPackage, [applicable.create(target)])
    contents = runner.request(DigestContents, [built.digest])
    for artifact in built.artifacts:
        assert all(file.path.startswith(str(artifact.relpath)) for file in contents)
    return {file.path: file.content.decode() for file in contents}


def test_an_environment_is_packaged_alone(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": "value: 1", "prod": "value: 2"})
    (made,) = package(runner, "infra", "prod").items()
    assert made[0] == "services.accounts/infra/prod/project/cdk.tf.json"
    assert json.loads(made[1]) == {"value": 2, "platform": {"organization": "acme"}}


def test_an_environments_name_is_not_a_prefix_of_anothers(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": "", "dev2": ""})
    assert list(package(runner, "infra", "dev")) == ["services.accounts/infra/dev/project/cdk.tf.json"]


def test_terraform_written_by_hand_is_an_input(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": ""}, **{"terraform/dev/project/more.tf": "# more"})
    assert package(runner, "infra", "dev")["services.accounts/infra/dev/project/more.tf"] == "# more"


def test_the_guide_is_packaged(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": ""})
    assert package(runner, "docs") == {"services.accounts/operations.md": "# accounts\n"}


def test_a_wrong_spec_is_told_with_its_places(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": "wrong: w1", "prod": "wrong: w2"})
    expected = "services/accounts/service.yaml:3:5: error[toy] environments[1].wrong: found w2; expected better; fix: write better"
    with engine_error(WrongSpecError, contains=expected):
        package(runner, "infra", "dev")


def test_another_services_wrong_spec_is_not_in_the_way(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": ""})
    service(runner, "broken", {"dev": "wrong: w"})
    assert package(runner, "infra", "dev")


@pytest.mark.parametrize(
    "files, told",
    [
        ({}, "services/accounts/service.yaml:1:1: error[missing-file] found no such file"),
        ({"service.yaml": "service: {id: accounts}"}, "error[toy] environments: found nothing"),
    ],
)
def test_infra_without_readable_environments_says_why(runner: RuleRunner, files: dict[str, str], told: str) -> None:
    runner.write_files({"services/accounts/BUILD": "msp_service()"})
    runner.write_files({f"services/accounts/{path}": content for path, content in files.items()})
    with engine_error(WrongSpecError, contains=told):
        package(runner, "infra")


def test_a_package_field_set_is_registered_for_each_kind() -> None:
    from msp.goals import package as module

    registered = {one.union_member for one in module.rules() if getattr(one, "union_base", None) is PackageFieldSet}
    assert registered == set(FIELD_SETS)


def test_what_stands_beside_the_stacks_is_not_counted_as_one() -> None:
    request = PackageServiceRequest(MspService("services/accounts"), "dev", "dist/dev")
    paths = ("dist/dev/project/cdk.tf.json", "dist/dev/iam/cdk.tf.json", "dist/dev/iam/auditors.tf", "dist/dev/stacks.json")
    files = [FileEntry(path, EMPTY_FILE_DIGEST) for path in paths]
    assert _contents(request, files) == ("  2 stacks: iam, project",)

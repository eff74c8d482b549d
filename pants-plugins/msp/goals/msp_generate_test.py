from __future__ import annotations

from pathlib import Path

import pytest
from msp.goals.msp_generate import MspGenerate
from msp.testing.rule_runner import OPTIONS, make_rule_runner, service

from pants.testutil.rule_runner import GoalRuleResult, RuleRunner


@pytest.fixture
def runner() -> RuleRunner:
    runner = make_rule_runner()
    service(runner, "accounts", {"dev": "value: 1", "prod": "value: 2"})
    service(runner, "bulletin", {"main": ""})
    assert generate(runner, "::").exit_code == 0
    return runner


def generate(runner: RuleRunner, *addresses: str) -> GoalRuleResult:
    return runner.run_goal_rule(MspGenerate, args=[*OPTIONS, *addresses])


def committed(runner: RuleRunner) -> dict[str, str]:
    root = Path(runner.build_root)
    places = (root / "infra-out", root / "schema", root / "docs")
    return {str(path.relative_to(root)): path.read_text() for place in places for path in place.rglob("*") if path.is_file()}


def write(runner: RuleRunner, files: dict[str, str]) -> None:
    runner.write_files(files)


def test_writes_everything(runner: RuleRunner) -> None:
    assert sorted(committed(runner)) == [
        "docs/reference/service-yaml.md",
        "infra-out/accounts/dev/project/cdk.tf.json",
        "infra-out/accounts/operations.md",
        "infra-out/accounts/prod/project/cdk.tf.json",
        "infra-out/bulletin/main/project/cdk.tf.json",
        "infra-out/bulletin/operations.md",
        "schema/service.schema.json",
    ]


def test_says_what_it_did(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": "value: 9", "new": ""})
    result = generate(runner, "::")
    assert result.stdout.splitlines() == [
        "+ infra-out/accounts/new/project/cdk.tf.json",
        "~ infra-out/accounts/dev/project/cdk.tf.json",
        "- infra-out/accounts/prod/project/cdk.tf.json",
        "2 services: 1 added, 1 changed, 1 removed.",
    ]
    assert generate(runner, "::").stdout == "2 services: 0 added, 0 changed, 0 removed.\n"


def test_one_environment_keeps_the_others_byte_for_byte(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": "value: 9", "prod": "value: 9", "third": ""})
    write(runner, {"infra-out/accounts/operations.md": "edited", "infra-out/accounts/gone/x": "", "infra-out/zombie/x": ""})
    before = committed(runner)
    assert generate(runner, "services/accounts:infra#dev").exit_code == 0
    after = committed(runner)
    assert {path for path in before | after if before.get(path) != after.get(path)} == {
        "infra-out/accounts/dev/project/cdk.tf.json"
    }


def test_the_guide_alone(runner: RuleRunner) -> None:
    write(runner, {"infra-out/accounts/operations.md": "edited", "infra-out/accounts/dev/project/cdk.tf.json": "edited"})
    assert generate(runner, "services/accounts:docs").stdout.splitlines()[0] == "~ infra-out/accounts/operations.md"
    assert committed(runner)["infra-out/accounts/dev/project/cdk.tf.json"] == "edited"


@pytest.mark.parametrize("address", ["services/accounts:infra", "services/accounts::", "::"])
def test_an_environment_that_left_its_spec_is_removed_with_its_folder(runner: RuleRunner, address: str) -> None:
    service(runner, "accounts", {"prod": "value: 2"})
    assert "- infra-out/accounts/dev/project/cdk.tf.json" in generate(runner, address).stdout
    assert not Path(runner.build_root, "infra-out/accounts/dev").exists()


@pytest.mark.parametrize("address", ["//:platform", "::"])
def test_a_service_that_is_gone_is_removed_with_its_folder(runner: RuleRunner, address: str) -> None:
    write(runner, {"services/bulletin/BUILD": ""})
    assert generate(runner, "services/accounts::").stdout.startswith("1 service: 0 added")
    assert generate(runner, address).exit_code == 0
    assert sorted(path.name for path in Path(runner.build_root, "infra-out").iterdir()) == ["accounts"]


def test_errors_leave_their_service_as_it_is_and_not_the_others(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": "wrong: w"})
    service(runner, "bulletin", {"main": "value: 9"})
    before = committed(runner)
    result = generate(runner, "::")
    after = committed(runner)
    assert result.exit_code == 1
    assert "services/accounts/service.yaml:3:5: error[toy]" in result.stderr
    assert "Left as they are, because of the errors above: accounts." in result.stderr
    assert {path for path in before | after if before.get(path) != after.get(path)} == {
        "infra-out/bulletin/main/project/cdk.tf.json"
    }


def test_what_would_be_lost_stays_and_the_rest_is_written(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": "value: 1", "prod": "value: precious"})
    service(runner, "bulletin", {"main": "value: precious"})
    generate(runner, "::")
    before = committed(runner)
    service(runner, "accounts", {"dev": "value: 9"})
    service(runner, "ledger", {"live": ""})
    write(runner, {"services/bulletin/BUILD": ""})
    result = generate(runner, "::")
    assert result.exit_code == 1
    assert "services/accounts/service.yaml:3:5: error[toy] prod: found nothing for precious" in result.stderr
    assert "infra-out/bulletin/main:3:5: error[toy] main: found nothing for precious" in result.stderr
    assert "Left as they are, because of the errors above: accounts." in result.stderr
    after = committed(runner)
    assert {path: after.get(path) for path in before} == before
    assert "infra-out/ledger/live/project/cdk.tf.json" in after


def test_wrong_settings_leave_everything_as_it_is(runner: RuleRunner) -> None:
    write(runner, {"platform.yaml": "wrong: w\n", "infra-out/accounts/gone/x": ""})
    before = committed(runner)
    assert generate(runner, "services/::").exit_code == 1
    assert committed(runner) == before


def test_another_spec_with_one_project_is_refused(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": "projectId: p"})
    service(runner, "bulletin", {"main": "projectId: p"})
    result = generate(runner, "services/bulletin::")
    assert result.exit_code == 1
    assert "found p again" in result.stderr


def test_two_services_of_one_name_are_both_left_as_they_are(runner: RuleRunner) -> None:
    spec = Path(runner.build_root, "services/accounts/service.yaml").read_text()
    write(runner, {"more/accounts/service.yaml": spec, "more/accounts/BUILD": "msp_service()"})
    write(runner, {"services/accounts/terraform/dev/project/x.tf": ""})
    before = committed(runner)
    result = generate(runner, "::")
    assert result.exit_code == 1
    assert "Left as they are, because of the errors above: accounts, accounts." in result.stderr
    assert committed(runner) == before


def test_a_stale_schema_is_removed(runner: RuleRunner) -> None:
    write(runner, {"schema/old.schema.json": "", "schema/readme.txt": ""})
    assert "- schema/old.schema.json" in generate(runner, "//:platform").stdout
    assert "schema/readme.txt" in committed(runner)


def test_unchanged_files_are_not_written_again(runner: RuleRunner) -> None:
    path = Path(runner.build_root, "infra-out/accounts/prod/project/cdk.tf.json")
    before = path.stat().st_mtime_ns
    service(runner, "accounts", {"dev": "value: 9", "prod": "value: 2"})
    generate(runner, "::")
    assert path.stat().st_mtime_ns == before


def test_targets_that_are_not_generated_are_said_to_be(runner: RuleRunner) -> None:
    assert "No target here is generated" in generate(runner, "//:program").stderr

from __future__ import annotations

from pathlib import Path

import pytest
from msp.goals.msp_generate import MspGenerate
from msp.goals.msp_resolve_images import MspResolveImages
from msp.testing.rule_runner import OPTIONS, make_rule_runner, service

from pants.testutil.rule_runner import GoalRuleResult, RuleRunner, mock_console

LOCK = "services/accounts/images.lock.yaml"


@pytest.fixture
def runner() -> RuleRunner:
    runner = make_rule_runner()
    service(runner, "accounts", {"dev": "value: 1"})
    service(runner, "bulletin", {"main": ""})
    return runner


def resolve(runner: RuleRunner, *addresses: str) -> GoalRuleResult:
    with mock_console(runner.options_bootstrapper):
        return runner.run_goal_rule(MspResolveImages, args=[*OPTIONS, *addresses], env={"HOME": "/somebody"})


def test_writes_beside_the_chosen_specs_with_the_callers_credentials_at_hand(runner: RuleRunner) -> None:
    assert resolve(runner, "services/accounts::").exit_code == 0
    root = Path(runner.build_root)
    assert (root / LOCK).read_text() == "home: True\n"
    assert not (root / "services/bulletin/images.lock.yaml").exists()


def test_what_is_locked_is_what_is_generated_from(runner: RuleRunner) -> None:
    committed = Path(runner.build_root) / "infra-out/accounts/dev/project/cdk.tf.json"
    assert runner.run_goal_rule(MspGenerate, args=[*OPTIONS, "::"]).exit_code == 0
    assert "images" not in committed.read_text()
    assert resolve(runner, "services/accounts:infra").exit_code == 0
    assert runner.run_goal_rule(MspGenerate, args=[*OPTIONS, "::"]).exit_code == 0
    assert "home: True" in committed.read_text()


def test_what_the_program_can_not_do_is_a_failure(runner: RuleRunner) -> None:
    runner.write_files({"services/accounts/service.yaml": "crash: 1\n"})
    assert resolve(runner, "::").exit_code == 1


def test_where_there_is_no_service(runner: RuleRunner) -> None:
    result = resolve(runner, "//:program")
    assert result.exit_code == 0
    assert "msp-resolve-images ::" in result.stderr

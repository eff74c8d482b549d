from __future__ import annotations

import re
from pathlib import Path

import pytest
from msp.goals.check import MspCheckRequest
from msp.goals.check_test import check
from msp.goals.msp_generate import MspGenerate
from msp.goals.msp_upgrade import MspUpgrade
from msp.testing.rule_runner import OPTIONS, make_rule_runner, service
from msp.util_rules import release_archive
from msp.util_rules.release_lock import ReleaseLock, render

from pants.base.specs import Specs
from pants.core.goals.check import CheckResults
from pants.engine.target import FilteredTargets
from pants.testutil.rule_runner import GoalRuleResult, QueryRule, RuleRunner
from pants.util.docutil import bin_name

LOCK = "releases/lock.yaml"
SPEC = "services/accounts/service.yaml"


@pytest.fixture
def runner() -> RuleRunner:
    """Two services in three tiers, everything committed as generated, nothing held."""
    runner = make_rule_runner([QueryRule(FilteredTargets, [Specs]), QueryRule(CheckResults, [MspCheckRequest])])
    service(runner, "accounts", {"dev": "tier: test", "stage": "tier: internal", "prod": "tier: external"})
    service(runner, "bulletin", {"main": "tier: internal"})
    assert generate(runner).exit_code == 0
    return runner


def generate(runner: RuleRunner) -> GoalRuleResult:
    runner.scheduler.invalidate_all_files()
    return runner.run_goal_rule(MspGenerate, args=[*OPTIONS, "::"])


def upgrade(runner: RuleRunner, *options: str) -> GoalRuleResult:
    runner.scheduler.invalidate_all_files()
    return runner.run_goal_rule(MspUpgrade, args=[*OPTIONS, *options])


def change_the_generator(runner: RuleRunner, text: str) -> None:
    runner.write_files({"generator.txt": text})


def made_by(runner: RuleRunner) -> dict[str, str]:
    """Environment → what the generator was like that made its committed files."""
    found = {}
    root = Path(runner.build_root, "infra-out")
    for path in root.glob("*/*/project/cdk.tf.json"):
        text = re.search(r'"generator": "(.*)"', path.read_text())
        found["/".join(path.relative_to(root).parts[:2])] = text[1] if text else "as of old"
    return found


def files(runner: RuleRunner) -> list[str]:
    return sorted(path.name for path in Path(runner.build_root, "releases").glob("*"))


def hold_in_waves(runner: RuleRunner) -> None:
    """External at `as of old`, internal at `second`, test at `third`."""
    assert upgrade(runner, "--tier=external").exit_code == 0
    change_the_generator(runner, "second")
    assert upgrade(runner, "--tier=internal").exit_code == 0
    change_the_generator(runner, "third")


def test_a_change_reaches_one_tier_after_the_other(runner: RuleRunner) -> None:
    hold_in_waves(runner)
    assert generate(runner).exit_code == 0
    assert made_by(runner) == {
        "accounts/dev": "third", "accounts/stage": "second", "accounts/prod": "as of old", "bulletin/main": "second",
    }  # fmt: skip
    assert Path(runner.build_root, "infra-out/accounts/operations.md").read_text() == "# accounts\nexternal=1\ninternal=2\n"
    assert Path(runner.build_root, "infra-out/bulletin/operations.md").read_text() == "# bulletin\ninternal=2\n"
    assert check(runner, "::")[0] == 0

    result = upgrade(runner, "--tier=external")
    assert result.stdout.splitlines()[:4] == [
        "Deleted releases/1.zip, which no tier is held at.",
        "Tier external: release 1 → release 2.",
        "The next `msp-generate` makes these with it:",
        "  accounts: prod",
    ]
    assert f"  {bin_name()} msp-generate ::" in result.stdout
    exit_code, report = check(runner, "::")
    assert exit_code == 1
    assert re.findall(r"changed +(\S+)", report) == ["infra-out/accounts/operations.md", "infra-out/accounts/prod/project/cdk.tf.json"]
    assert generate(runner).exit_code == 0
    assert made_by(runner)["accounts/prod"] == "second"
    assert files(runner) == ["2.zip", "lock.yaml"]


def test_check_tells_once_who_lags_and_does_not_fail(runner: RuleRunner) -> None:
    assert "tier-lags" not in check(runner, "::")[1]
    hold_in_waves(runner)
    generate(runner)
    exit_code, report = check(runner, "::")
    assert exit_code == 0
    assert report.splitlines()[:5] == [
        f"{LOCK}:5:3: warning[tier-lags] tiers.internal: found release 2, 1 release behind the work tree; expected the work"
        f" tree's; fix: run `{bin_name()} msp-upgrade --tier=internal`, when the tier before has proved it",
        "    accounts: stage",
        "    bulletin: main",
        f"{LOCK}:6:3: warning[tier-lags] tiers.external: found release 1, 2 releases behind the work tree; expected release 2,"
        f" as tier internal has; fix: run `{bin_name()} msp-upgrade --tier=external`, when the tier before has proved it",
        "    accounts: prod",
    ]
    report = check(runner, "services/bulletin::")[1]
    assert "tiers.internal" in report and "accounts" not in report and "tiers.external" not in report


def test_a_tier_at_what_the_work_tree_is_does_not_lag(runner: RuleRunner) -> None:
    upgrade(runner, "--tier=external")
    generate(runner)
    assert "tier-lags" not in check(runner, "::")[1]
    assert upgrade(runner).stdout.splitlines() == [
        "test       the work tree, 1 environment",
        "internal   the work tree, 2 environments",
        "external   release 1 (the same as the work tree), 1 environment",
    ]
    assert upgrade(runner, "--tier=external").stdout == "Tier external has release 1 already, as tier internal has.\n"


def test_two_tiers_at_one_release_are_upgraded_in_order(runner: RuleRunner) -> None:
    upgrade(runner, "--tier=external")
    upgrade(runner, "--tier=internal")
    assert files(runner) == ["1.zip", "lock.yaml"]
    change_the_generator(runner, "second")
    report = check(runner, "::")[1]
    assert "expected what tier internal gets next" in report
    assert f"run `{bin_name()} msp-upgrade --tier=internal`, then `{bin_name()} msp-upgrade --tier=external`" in report


def test_what_is_out_of_order_is_refused_and_nothing_is_written(runner: RuleRunner) -> None:
    result = upgrade(runner, "--tier=internal")
    assert result.exit_code == 1
    assert "Hold that one first: ./pants msp-upgrade --tier=external" in result.stderr
    assert files(runner) == []
    hold_in_waves(runner)
    before = files(runner)
    result = upgrade(runner, "--tier=external", "--follow")
    assert (result.exit_code, files(runner)) == (1, before)
    assert "it would overtake it" in result.stderr


def test_a_tier_may_follow_the_work_tree_again(runner: RuleRunner) -> None:
    hold_in_waves(runner)
    upgrade(runner, "--tier=internal", "--follow")
    upgrade(runner, "--tier=external", "--follow")
    assert files(runner) == ["lock.yaml"]
    generate(runner)
    assert set(made_by(runner).values()) == {"third"}


def test_an_altered_or_missing_archive_is_found_and_nothing_is_made(runner: RuleRunner) -> None:
    upgrade(runner, "--tier=external")
    archive = Path(runner.build_root, "releases/1.zip")
    content = archive.read_bytes()
    before = made_by(runner)
    change_the_generator(runner, "second")
    for altered, found in ((content + b" ", "releases/1.zip with sha256 "), (None, "no releases/1.zip")):
        archive.unlink()
        if altered:
            archive.write_bytes(altered)
        runner._invalidate_for("releases/1.zip")
        exit_code, report = check(runner, "::")
        assert exit_code == 1
        assert f"{LOCK}:8:3: error[release-altered] releases.1: found {found}" in report
        assert "fix: bring it back: git checkout HEAD -- releases/1.zip" in report
        result = generate(runner)
        assert result.exit_code == 1 and "release-altered" in result.stderr
        assert made_by(runner) == before
        assert upgrade(runner, "--tier=external").exit_code == 1
        archive.write_bytes(content)
        runner._invalidate_for("releases/1.zip")
    assert generate(runner).exit_code == 0


def test_a_release_that_this_plugin_can_not_call_is_told_and_can_be_upgraded(runner: RuleRunner) -> None:
    archive = release_archive.pack(
        {release_archive.MANIFEST: release_archive.Manifest(9, ("lib",)).render(), "program/generator.txt": b"as of old"}
    )
    lock = ReleaseLock({"external": 1}, {1: release_archive.sha256(archive)}, 1)
    runner.write_files({"releases/1.zip": archive, LOCK: render(lock)})
    exit_code, report = check(runner, "::")
    assert exit_code == 1
    assert f"{LOCK}:8:3: error[release-protocol] releases.1: found a release that is called by protocol 9; expected" in report
    assert upgrade(runner, "--tier=external").exit_code == 0
    assert generate(runner).exit_code == 0


def test_an_archive_that_the_lock_does_not_name_is_a_warning(runner: RuleRunner) -> None:
    runner.write_files({"releases/7.zip": "x"})
    exit_code, report = check(runner, "::")
    assert exit_code == 0
    assert "releases/7.zip:1:1: warning[release-unused]" in report and "fix: delete it: rm releases/7.zip" in report


def test_a_lock_that_was_edited_wrongly_is_told_and_nothing_is_made(runner: RuleRunner) -> None:
    hold_in_waves(runner)
    lock = Path(runner.build_root, LOCK).read_text()
    runner.write_files({LOCK: lock.replace("external: 1", "external: worktree")})
    exit_code, report = check(runner, "::")
    assert exit_code == 1
    assert f"{LOCK}:6:3: error[release-lock] tiers.external: found the work tree; expected at most release 2" in report


def test_a_key_that_only_a_newer_generator_knows(runner: RuleRunner) -> None:
    upgrade(runner, "--tier=external")
    change_the_generator(runner, "turbo")
    # In a tier that follows the work tree it is nobody else's business …
    service(runner, "accounts", {"dev": "tier: test, turbo: 1", "stage": "tier: internal", "prod": "tier: external"})
    assert generate(runner).exit_code == 0
    # … and in one that is held it waits for the upgrade.
    service(runner, "accounts", {"dev": "tier: test, turbo: 1", "stage": "tier: internal", "prod": "tier: external, turbo: 1"})
    exit_code, report = check(runner, "::")
    assert exit_code == 1
    assert (
        f"{SPEC}:3:5: error[unknown-to-release] environments[2].turbo: found a key that release 1 of the generator, at which"
        f" tier external is held, does not know; expected better; fix: run `{bin_name()} msp-upgrade --tier=external`, or do"
        " without the key until then"
    ) in report
    assert upgrade(runner, "--tier=external").exit_code == 0
    assert generate(runner).exit_code == 0
    assert made_by(runner)["accounts/prod"] == "turbo"


def test_where_nothing_is_held_not_one_more_process_runs() -> None:
    def processes(files: dict[str, str], *upgrades: str) -> int:
        runner = make_rule_runner()
        service(runner, "accounts", {"dev": "tier: test", "prod": "tier: external"})
        runner.write_files(files)
        for tier in upgrades:
            assert upgrade(runner, f"--tier={tier}").exit_code == 0
        assert generate(runner).exit_code == 0
        return runner.scheduler.get_metrics()["local_cache_requests"]  # of processes, cached or not

    following = {LOCK: "tiers: {test: worktree, internal: worktree, external: worktree}\nreleases: {}\nnewest: 0\n"}
    assert processes({}) == processes(following) == processes({}, "external") - 1

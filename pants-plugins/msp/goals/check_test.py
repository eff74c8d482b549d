from __future__ import annotations

import re
from pathlib import Path

import pytest
from msp.goals.check import MspCheckRequest
from msp.goals.msp_generate import MspGenerate
from msp.testing.rule_runner import OPTIONS, PLATFORM, make_rule_runner, service
from msp.util_rules.selection import MspArtefactFieldSet

from pants.base.specs import Specs
from pants.base.specs_parser import SpecsParser
from pants.core.goals.check import CheckResults
from pants.engine.target import FilteredTargets
from pants.testutil.rule_runner import QueryRule, RuleRunner
from pants.util.docutil import bin_name

DEV = "infra-out/accounts/dev/project/cdk.tf.json"


@pytest.fixture
def runner() -> RuleRunner:
    """Two services, and everything committed as generated."""
    runner = make_rule_runner([QueryRule(FilteredTargets, [Specs]), QueryRule(CheckResults, [MspCheckRequest])])
    service(runner, "accounts", {"dev": "value: 1", "prod": "value: 2"})
    service(runner, "bulletin", {"main": ""})
    assert runner.run_goal_rule(MspGenerate, args=[*OPTIONS, "::"]).exit_code == 0
    return runner


def check(runner: RuleRunner, *addresses: str) -> tuple[int, str]:
    """The exit code of `check`, and its report. (The goal itself prints the report through the log.)"""
    # The watch for what goals wrote lags when the machine is busy.
    runner.scheduler.invalidate_all_files()
    specs = SpecsParser(root_dir=runner.build_root).parse_specs(addresses, description_of_origin="test")
    targets = runner.request(FilteredTargets, [specs])
    field_sets = [MspArtefactFieldSet.create(one) for one in targets if MspArtefactFieldSet.is_applicable(one)]
    results = runner.request(CheckResults, [MspCheckRequest(field_sets)])
    return results.exit_code, "\n".join(result.stdout for result in results.results)


def last_line(report: str) -> str:
    return report.rstrip().splitlines()[-1]


def delete(runner: RuleRunner, path: str) -> None:
    Path(runner.build_root, path).unlink()
    runner._invalidate_for(path)


def test_what_was_just_generated_is_clean(runner: RuleRunner) -> None:
    exit_code, report = check(runner, "::")
    assert exit_code == 0
    assert report.startswith("2 services, 3 environments, 3 stacks: valid against the providers' schemas, and committed as")


def test_a_stale_file_is_shown_with_its_diff_and_the_command(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": "value: 9", "prod": "value: 2"})
    exit_code, report = check(runner, "::")
    assert exit_code == 1
    assert "Not what services/accounts/service.yaml says:" in report
    assert re.findall(r"changed +(\S+)", report) == [DEV]
    assert '-  "value": 1' in report and '+  "value": 9' in report
    assert last_line(report) == f"To mend: {bin_name()} msp-generate services/accounts::"


def test_missing_edited_and_orphaned_files_are_told_all_at_once(runner: RuleRunner) -> None:
    delete(runner, DEV)
    runner.write_files({"infra-out/bulletin/operations.md": "mine", "infra-out/accounts/stray.txt": ""})
    exit_code, report = check(runner, "::")
    assert exit_code == 1
    assert f"missing   {DEV}" in report
    assert "changed   infra-out/bulletin/operations.md" in report
    assert "orphaned  infra-out/accounts/stray.txt" in report
    assert last_line(report) == f"To mend: {bin_name()} msp-generate services/accounts:: services/bulletin::"


def test_an_environment_that_left_its_spec_is_reported_whichever_is_addressed(runner: RuleRunner) -> None:
    service(runner, "accounts", {"prod": "value: 2"})
    for address in ("::", "services/accounts:infra", "services/accounts:infra#prod"):
        exit_code, report = check(runner, address)
        assert (exit_code, re.findall(r"orphaned +(\S+)", report)) == (1, [DEV]), address
    assert check(runner, "services/accounts:docs")[0] == 0


def test_a_service_that_is_gone_is_reported_for_the_repository(runner: RuleRunner) -> None:
    delete(runner, "services/bulletin/BUILD")
    exit_code, report = check(runner, "::")
    assert exit_code == 1
    assert "Not what any BUILD file says:" in report
    assert "orphaned  infra-out/bulletin/operations.md" in report
    assert last_line(report) == f"To mend: {bin_name()} msp-generate //:platform"
    assert check(runner, "services/accounts::")[0] == 0


def test_all_errors_of_all_specs_are_told_and_the_other_services_are_compared(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": "wrong: w1", "prod": "wrong: w2"})
    runner.write_files({"infra-out/bulletin/operations.md": "mine"})
    exit_code, report = check(runner, "::")
    assert exit_code == 1
    assert re.findall(r"found (w\d)", report) == ["w1", "w2"]
    assert re.findall(r"changed +(\S+)", report) == ["infra-out/bulletin/operations.md"]
    assert "Not compared, because of the errors above: accounts." in report


def test_what_would_be_lost_is_an_error_with_the_words_to_write(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": "value: 1", "prod": "value: precious"})
    assert runner.run_goal_rule(MspGenerate, args=[*OPTIONS, "::"]).exit_code == 0
    service(runner, "accounts", {"dev": "value: 1", "prod": "value: 3"})
    runner.write_files({"infra-out/bulletin/operations.md": "mine"})
    exit_code, report = check(runner, "::")
    assert exit_code == 1
    assert "services/accounts/service.yaml:3:5: error[toy] prod: found 3 for precious; expected better; fix: write better" in report
    assert "\n    keep {\n    }\n" in report
    assert re.findall(r"changed +(\S+)", report) == ["infra-out/bulletin/operations.md"]
    assert "Not compared, because of the errors above: accounts." in report
    assert "error" not in check(runner, "services/accounts:infra#dev", "services/bulletin::")[1]


def test_a_policy_exception_fails_from_the_day_after_its_last(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": "value: 1, policyExceptions: '2027-01-31'", "prod": "value: 2"})
    for day, code in (("2027-01-31", 0), ("2027-02-01", 1)):
        runner.set_options([*OPTIONS, f"--msp-today={day}"])
        exit_code, report = check(runner, "::")
        assert exit_code == code, report
        assert ("error[exception-expired]" in report) == bool(code)
        assert check(runner, "services/bulletin::")[0] == 0
        assert runner.run_goal_rule(MspGenerate, args=[*OPTIONS, f"--msp-today={day}", "::"]).exit_code == 0


@pytest.mark.parametrize("last_day, code", [("2000-01-01", 1), ("9999-12-31", 0)])
def test_the_day_is_todays_unless_it_is_given(runner: RuleRunner, last_day: str, code: int) -> None:
    service(runner, "accounts", {"dev": f"value: 1, policyExceptions: '{last_day}'", "prod": "value: 2"})
    assert check(runner, "::")[0] == code


def test_only_what_is_addressed_is_reported(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": "wrong: w1"})
    assert check(runner, "services/bulletin::")[0] == 0


def test_a_finding_about_generated_terraform_is_one_about_its_service(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": "refused: r", "prod": "value: 2"})
    exit_code, report = check(runner, "::")
    assert exit_code == 1
    assert "infra-out/accounts/dev/project/cdk.tf.json:1:1: error[toy] refused: found r" in report
    assert "Not compared, because of the errors above: accounts." in report
    assert check(runner, "services/bulletin::")[0] == 0


def test_warnings_are_told_and_do_not_fail(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": "value: 1, doubtful: d", "prod": "value: 2"})
    exit_code, report = check(runner, "::")
    assert exit_code == 0
    assert report.count("warning[toy] environments[0].doubtful: found d") == 1


def test_rules_between_specs_see_all_of_them(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": "value: 1, projectId: p", "prod": "value: 2"})
    service(runner, "bulletin", {"main": "projectId: p"})
    exit_code, report = check(runner, "services/bulletin::")
    assert exit_code == 1
    assert "services/bulletin/service.yaml:3:5: error[toy] environments[0].projectId: found p again" in report


def test_wrong_settings_are_told_once_and_nothing_is_compared(runner: RuleRunner) -> None:
    runner.write_files({"platform.yaml": "wrong: w\n"})
    exit_code, report = check(runner, "services/accounts::", "services/bulletin::")
    assert exit_code == 1
    assert report.count("platform.yaml:3:5: error[toy]") == 1
    assert "Not compared, because of the errors above: accounts, bulletin." in report


def test_missing_settings_and_specs_are_findings_like_others(runner: RuleRunner) -> None:
    delete(runner, "services/bulletin/service.yaml")
    assert "services/bulletin/service.yaml:1:1: error[missing-file]" in check(runner, "::")[1]
    delete(runner, "platform.yaml")
    exit_code, report = check(runner, "services/accounts::")
    assert exit_code == 1
    assert "platform.yaml:1:1: error[missing-file]" in report


def test_a_change_of_the_settings_makes_all_services_stale(runner: RuleRunner) -> None:
    runner.write_files({"platform.yaml": "organization: other\n"})
    exit_code, report = check(runner, "::")
    assert exit_code == 1
    assert len(re.findall(r"changed +\S+cdk.tf.json", report)) == 3


def test_schemas_and_reference_pages_are_compared_with_the_platform(runner: RuleRunner) -> None:
    runner.write_files({"schema/service.schema.json": "[]", "schema/old.schema.json": "", "docs/reference/mine.md": ""})
    exit_code, report = check(runner, "//:platform")
    assert exit_code == 1
    assert "Not what the spec's model says:" in report
    assert "changed   schema/service.schema.json" in report
    assert "orphaned  schema/old.schema.json" in report
    assert "mine.md" not in report
    assert check(runner, "services/accounts::")[0] == 0


def test_many_services_in_batches_are_what_each_is_alone(runner: RuleRunner) -> None:
    names = [f"s{number}" for number in range(20)]
    for name in names:
        service(runner, name, {"dev": f"value: {name}"})
    exit_code, report = check(runner, "::")
    assert (exit_code, len(re.findall(r"missing +\S+cdk.tf.json", report))) == (1, 20)
    for name in names:
        assert runner.run_goal_rule(MspGenerate, args=[*OPTIONS, f"services/{name}::"]).exit_code == 0
    assert check(runner, "::")[0] == 0


def test_a_program_that_breaks_is_one_error_that_says_how_to_see_more(runner: RuleRunner) -> None:
    runner.write_files({"services/accounts/service.yaml": "environments: []\ncrash: 3\n"})
    with pytest.raises(Exception) as raised:
        check(runner, "services/accounts::")
    text = str(raised.value)
    assert "Generate accounts: it ended with exit code 3. This is not about what the specs say." in text
    assert "RuntimeError: the toy broke" in text
    assert "--keep-sandboxes=on_failure" in text


def test_a_program_that_babbles_is_one_too(runner: RuleRunner) -> None:
    runner.write_files({"services/accounts/service.yaml": "environments: []\nbabble: true\n"})
    with pytest.raises(Exception, match="exit code 0, and its output is not JSON"):
        check(runner, "services/accounts::")


def test_nothing_of_this_is_asked_of_other_targets(runner: RuleRunner) -> None:
    assert check(runner, "//:program") == (0, "")
    assert "program" in PLATFORM["BUILD"]

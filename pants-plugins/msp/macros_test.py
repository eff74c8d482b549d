from __future__ import annotations

import inspect

import pytest
from msp.macros import msp_service_factory
from msp.testing.rule_runner import make_rule_runner, service

from pants.engine.addresses import Address, Addresses
from pants.engine.target import (
    AllTargets,
    Dependencies,
    DependenciesRequest,
    DescriptionField,
    SourcesField,
    SourcesPaths,
    SourcesPathsRequest,
    Tags,
)
from pants.testutil.rule_runner import QueryRule, RuleRunner


@pytest.fixture
def runner() -> RuleRunner:
    return make_rule_runner(
        [QueryRule(Addresses, [DependenciesRequest]), QueryRule(SourcesPaths, [SourcesPathsRequest])]
    )


def addresses(runner: RuleRunner) -> list[str]:
    return sorted(one.address.spec for one in runner.request(AllTargets, []) if one.alias.startswith("msp_"))


def test_a_service_declares_one_target_for_each_artefact(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": "", "prod": ""})
    assert addresses(runner) == [
        "//:platform",
        "services/accounts:app",
        "services/accounts:dev",
        "services/accounts:docs",
        "services/accounts:infra#dev",
        "services/accounts:infra#prod",
    ]


def test_a_malformed_spec_has_no_environments_and_breaks_no_other(
    runner: RuleRunner, caplog: pytest.LogCaptureFixture
) -> None:
    service(runner, "accounts", {"dev": ""})
    service(runner, "broken", {"dev": ""})
    runner.write_files({"services/broken/service.yaml": "environments: [\n", "services/empty/BUILD": "msp_service()"})
    assert addresses(runner) == [
        "//:platform",
        "services/accounts:app",
        "services/accounts:dev",
        "services/accounts:docs",
        "services/accounts:infra#dev",
        "services/broken:app",
        "services/broken:dev",
        "services/broken:docs",
        "services/broken:infra",
        "services/empty:app",
        "services/empty:dev",
        "services/empty:docs",
        "services/empty:infra",
    ]
    assert "services/broken/service.yaml:2:1: " in caplog.text


def test_targets_know_what_they_are_made_from(runner: RuleRunner) -> None:
    custom = {"terraform/dev/run/more.tf": "", "terraform/prod/run/more.tf": "", "terraform/note.md": "", "README.md": ""}
    service(runner, "accounts", {"dev": "", "prod": ""}, **custom)

    def sources(name: str, generated: str | None = None) -> list[str]:
        target = runner.get_target(Address("services/accounts", target_name=name, generated_name=generated))
        paths = runner.request(SourcesPaths, [SourcesPathsRequest(target.get(SourcesField))])
        return [path[len("services/accounts/") :] for path in paths.files]

    assert sources("infra") == ["service.yaml", "terraform/dev/run/more.tf", "terraform/prod/run/more.tf"]
    assert sources("infra", "dev") == ["service.yaml", "terraform/dev/run/more.tf"]
    assert sources("docs") == ["README.md", "service.yaml"]


def test_artefacts_depend_on_the_platform_and_on_the_program_that_makes_them(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": ""})

    def dependencies(name: str, generated: str | None = None) -> list[str]:
        target = runner.get_target(Address("services/accounts", target_name=name, generated_name=generated))
        return [address.spec for address in runner.request(Addresses, [DependenciesRequest(target.get(Dependencies))])]

    assert dependencies("infra", "dev") == ["//:platform", "//:program"]
    assert dependencies("docs") == ["//:platform", "//:program"]
    assert dependencies("infra") == ["services/accounts:infra#dev"]


def test_help_teaches_with_an_example() -> None:
    macro = msp_service_factory(None)  # type: ignore[arg-type]
    assert "./pants package services/accounts:infra" in (inspect.getdoc(macro) or "")
    assert list(inspect.signature(macro).parameters) == ["entry_point", "resolve", "description", "tags"]


def test_what_a_service_is_given_reaches_its_targets(runner: RuleRunner) -> None:
    service(runner, "accounts", {"dev": ""})
    runner.write_files({"services/accounts/BUILD": "msp_service(tags=['slow'], description='Accounts')"})
    for name, generated in (("infra", "dev"), ("docs", None)):
        target = runner.get_target(Address("services/accounts", target_name=name, generated_name=generated))
        assert target[Tags].value == ("slow",)
        assert target[DescriptionField].value == "Accounts"

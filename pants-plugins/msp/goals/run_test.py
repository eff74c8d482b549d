from __future__ import annotations

from typing import Iterable

import pytest
from msp.goals.run import RunDevFieldSet
from msp.testing.rule_runner import make_rule_runner, service

from pants.backend.python.target_types import PythonSourcesGeneratorTarget, PythonSourceTarget
from pants.engine.addresses import Address, Addresses
from pants.engine.target import Dependencies, DependenciesRequest
from pants.testutil.rule_runner import QueryRule, RuleRunner

LIBRARY = ("dev/__main__", "dev/reaper", "dev/seeding", "postgres/provided", "redis/provided", "events/provided")


@pytest.fixture
def runner() -> RuleRunner:
    made = make_rule_runner(
        [QueryRule(Addresses, [DependenciesRequest])],
        [PythonSourcesGeneratorTarget, PythonSourceTarget],
    )
    made.set_options(
        [
            "--msp-generator=//:program",
            "--python-enable-resolves",
            "--python-resolves={'services': 'services.lock', 'lib': 'lib.lock'}",
            "--python-default-resolve=lib",
            "--source-root-patterns=['/lib', '/services/*']",
        ],
        env_inherit={"PATH", "HOME", "PYENV_ROOT"},
    )
    made.write_files({f"lib/runtime/{name}.py": "" for name in LIBRARY})
    made.write_files(
        {f"lib/runtime/{name}/BUILD": "python_sources(resolve=parametrize('lib', 'services'))" for name in
         {one.partition("/")[0] for one in LIBRARY}}
    )  # fmt: skip
    return made


def dependencies(runner: RuleRunner, name: str, directory: str = "services/night-report") -> list[str]:
    target = runner.get_target(Address(directory, target_name=name))
    found: Iterable[Address] = runner.request(Addresses, [DependenciesRequest(target.get(Dependencies))])
    return sorted(address.spec for address in found)


def test_a_program_has_what_its_spec_declares_and_nothing_else(runner: RuleRunner) -> None:
    service(
        runner, "night-report", {"dev": "resources: {postgres: {databases: [a]}}", "prod": ""},
        **{"night_report/BUILD": "python_sources(resolve='services')", "night_report/__main__.py": ""},
    )  # fmt: skip
    assert dependencies(runner, "app") == [
        "lib/runtime/postgres/provided.py@resolve=services",
        "services/night-report/night_report/__main__.py",
    ]


def test_dev_has_the_program_and_what_runs_it(runner: RuleRunner) -> None:
    service(
        runner, "night-report", {"dev": ""},
        **{
            "night_report/BUILD": "python_sources(resolve='services')",
            "night_report/__main__.py": "",
            "night_report/dev.py": "",
        },
    )  # fmt: skip
    assert dependencies(runner, "dev") == [
        "lib/runtime/dev/__main__.py@resolve=services",
        "lib/runtime/dev/reaper.py@resolve=services",
        "lib/runtime/dev/seeding.py@resolve=services",
        "services/night-report/night_report/dev.py",
        "services/night-report:app",
    ]


def test_a_service_without_a_program_can_still_say_so(runner: RuleRunner) -> None:
    service(runner, "bulletin", {"dev": ""})
    assert dependencies(runner, "app", "services/bulletin") == []
    assert "lib/runtime/dev/__main__.py@resolve=services" in dependencies(runner, "dev", "services/bulletin")


def test_another_entry_point(runner: RuleRunner) -> None:
    service(
        runner, "night-report", {"dev": ""},
        **{"BUILD": "msp_service(entry_point='report.cli')", "report/BUILD": "python_sources(resolve='services')",
           "report/cli/BUILD": "python_sources(resolve='services')", "report/cli/__main__.py": "", "report/dev.py": ""},
    )  # fmt: skip
    assert "services/night-report/report/cli/__main__.py" in dependencies(runner, "app")
    assert "services/night-report/report/dev.py" in dependencies(runner, "dev")


def test_the_target_runs(runner: RuleRunner) -> None:
    service(runner, "night-report", {"dev": ""})
    assert RunDevFieldSet.is_applicable(runner.get_target(Address("services/night-report", target_name="dev")))
    assert not RunDevFieldSet.is_applicable(runner.get_target(Address("services/night-report", target_name="app")))

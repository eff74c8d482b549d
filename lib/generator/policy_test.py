"""checkov on the plan of every golden: what it finds is mended, or has somebody's word for being right.

Exceptions of a service stand in its spec (`policyExceptions`), those of the platform in `spec.policy`; each must be needed.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from generator.testing import rendered
from generator.testing.checkov import Failure, Scan, checkov, scan
from generator.testing.stack_changes import recovered_schema
from generator.testing.stub_providers import StubProviders
from generator.testing.terraform import terraform_missing_reason, terraform_plan
from spec.loader import Fleet, load_fleet
from spec.model import PolicyException
from spec.policy import PLATFORM_EXCEPTIONS, named

_REASON = terraform_missing_reason() or (None if checkov() else "checkov is not installed: pip install checkov")
pytestmark = pytest.mark.skipif(_REASON is not None, reason=_REASON or "")

BROKEN = "broken/live/data"
"""A plan that is made wrong on purpose, to see that it is seen."""


@dataclass(frozen=True)
class Scanned:
    fleet: Fleet
    plans: Mapping[str, Mapping[str, Any]]
    scan: Scan

    @property
    def failures(self) -> list[Failure]:
        return [failure for failure in self.scan.failures if failure.plan != BROKEN]

    def exceptions(self) -> dict[str, tuple[PolicyException, ...]]:
        """`<service>/<environment>` -> what its spec excepts."""
        return {
            f"{service.spec.service.id}/{environment.id}": environment.policy_exceptions
            for service in self.fleet.services
            for environment in service.spec.environments
        }


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    rendered.activate()
    from generator.generate import generate

    root, out = tmp_path_factory.mktemp("fleet"), tmp_path_factory.mktemp("out")
    fleet = load_fleet(Path("platform.yaml"), rendered.golden_fleet(root), root)
    for path, content in generate(fleet, root, recovered_schema()).files.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)
    stacks = sorted(path.parent for path in out.glob("*/*/*/cdk.tf.json"))
    with StubProviders(recovered_schema()) as stub, ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = list(pool.map(lambda stack: terraform_plan(stub, stack), stacks))
    names = [stack.relative_to(out).as_posix() for stack in stacks]
    assert {name: result.problems for name, result in zip(names, results, strict=True) if result.problems} == {}
    plans = {name: result.plan for name, result in zip(names, results, strict=True)}
    plans[BROKEN] = broken(plans["ledger/live/data"])
    return Scanned(fleet, plans, scan(checkov(), plans, tmp_path_factory.mktemp("checkov")))


def broken(plan: Mapping[str, Any]) -> dict[str, Any]:
    """The plan with a public address at its database."""
    worse = copy.deepcopy(dict(plan))
    for resource in worse["planned_values"]["root_module"]["resources"]:
        if resource["address"] == "google_sql_database_instance.postgres":
            resource["values"]["settings"][0]["ip_configuration"][0]["ipv4_enabled"] = True
    for change in worse["resource_changes"]:
        if change["address"] == "google_sql_database_instance.postgres":
            change["change"]["after"]["settings"][0]["ip_configuration"][0]["ipv4_enabled"] = True
    return worse


def explains(exception: PolicyException, failure: Failure) -> bool:
    return exception.check == failure.check and exception.resource in (None, failure.resource)


def test_it_looks_into_every_plan_and_sees(scanned: Scanned) -> None:
    """A scanner that finds nothing may have read nothing: emojis, escapes and our JSON have stopped it before."""
    assert scanned.scan.unread == 0, scanned.scan.log
    assert "Traceback" not in scanned.scan.log
    assert scanned.scan.passed > 500
    seen = {name.rsplit("/", 1)[1] for name in scanned.scan.plans}
    assert {"project", "iam", "network", "data", "edge"} <= seen
    # It has a check for each of these kinds, so no plan that holds one may be missing.
    checked = {"google_sql_database_instance", "google_compute_subnetwork", "google_project", "google_project_iam_member"}
    assert {name for name, plan in scanned.plans.items() if checked & _kinds(plan)} - scanned.scan.plans == set()
    assert "CKV_GCP_60" in {failure.check for failure in scanned.scan.failures if failure.plan == BROKEN}


def _kinds(plan: Mapping[str, Any]) -> set[str]:
    return {resource["type"] for resource in plan["planned_values"]["root_module"].get("resources", [])}


def test_nothing_is_found_that_nobody_answers_for(scanned: Scanned) -> None:
    exceptions = scanned.exceptions()
    unexplained = [
        f"{failure.plan}: {failure.resource}: {failure.check} {failure.name}"
        for failure in scanned.failures
        if failure.check not in PLATFORM_EXCEPTIONS
        and not any(explains(one, failure) for one in exceptions[failure.plan.rsplit("/", 1)[0]])
    ]
    mend = "mend the stack; or except it, in the spec (policyExceptions) or in spec/policy.py"
    assert not unexplained, "\n".join([mend, *unexplained])


def test_every_exception_is_needed(scanned: Scanned) -> None:
    found = {failure.check for failure in scanned.failures}
    assert sorted(set(PLATFORM_EXCEPTIONS) - found) == []
    unneeded = [
        f"{environment}: {named(one)}"
        for environment, exceptions in scanned.exceptions().items()
        for one in exceptions
        if not any(explains(one, failure) for failure in scanned.failures if failure.plan.startswith(f"{environment}/"))
    ]
    assert unneeded == []


def test_no_service_excepts_what_no_service_has_to_pass(scanned: Scanned) -> None:
    for exceptions in scanned.exceptions().values():
        assert not {one.check for one in exceptions} & set(PLATFORM_EXCEPTIONS)

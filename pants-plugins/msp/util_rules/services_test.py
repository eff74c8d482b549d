from __future__ import annotations

import pytest
from msp.target_types import MspArtefactSourcesField
from msp.testing.rule_runner import make_rule_runner, service
from msp.util_rules.services import MspService, MspServiceInputs

from pants.engine.addresses import Address
from pants.engine.fs import Digest, DigestContents
from pants.engine.target import HydratedSources, HydrateSourcesRequest
from pants.testutil.rule_runner import QueryRule, RuleRunner

COLUMNS = "services/accounts/bigquery/events.json"


@pytest.fixture
def runner() -> RuleRunner:
    runner = make_rule_runner(
        [
            QueryRule(MspServiceInputs, [MspService]),
            QueryRule(DigestContents, [Digest]),
            QueryRule(HydratedSources, [HydrateSourcesRequest]),
        ]
    )
    service(runner, "accounts", {"dev": ""}, **{"bigquery/events.json": "[]", "bigquery/notes.txt": "no input"})
    return runner


def test_columns_of_tables_are_an_input(runner: RuleRunner) -> None:
    inputs = runner.request(MspServiceInputs, [MspService("services/accounts")])
    assert [file.path for file in runner.request(DigestContents, [inputs.digest])] == [
        COLUMNS,
        "services/accounts/service.yaml",
    ]


@pytest.mark.parametrize(("name", "generated"), [("infra", None), ("infra", "dev"), ("docs", None)])
def test_every_target_of_the_service_has_them(runner: RuleRunner, name: str, generated: str | None) -> None:
    target = runner.get_target(Address("services/accounts", target_name=name, generated_name=generated))
    sources = runner.request(HydratedSources, [HydrateSourcesRequest(target.get(MspArtefactSourcesField))])
    assert COLUMNS in sources.snapshot.files

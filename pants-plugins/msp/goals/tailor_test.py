from __future__ import annotations

from msp.goals.tailor import PutativeServicesRequest
from msp.testing.rule_runner import make_rule_runner, service

from pants.core.goals.tailor import AllOwnedSources, PutativeTargets
from pants.testutil.rule_runner import QueryRule


def test_proposes_a_service_where_a_spec_has_no_owner() -> None:
    runner = make_rule_runner([QueryRule(PutativeTargets, [PutativeServicesRequest, AllOwnedSources])])
    service(runner, "owned", {"dev": ""})
    runner.write_files({"services/new/service.yaml": "", "services/new/other.yaml": ""})
    (putative,) = runner.request(
        PutativeTargets,
        [
            PutativeServicesRequest(("services/owned", "services/new")),
            AllOwnedSources(["services/owned/service.yaml"]),
        ],
    )
    assert putative.path == "services/new"
    assert putative.generate_build_file_stanza("    ") == "msp_service()\n"

from __future__ import annotations

from file_tree.register import rules, target_types

from pants.core.target_types import FileSourceField
from pants.engine.addresses import Address
from pants.engine.target import AllTargets, HydratedSources, HydrateSourcesRequest, SourcesField
from pants.testutil.rule_runner import QueryRule, RuleRunner


def test_many_files_are_one_target_and_reach_who_asks_for_files() -> None:
    runner = RuleRunner(
        rules=[*rules(), QueryRule(HydratedSources, [HydrateSourcesRequest])], target_types=target_types()
    )
    runner.write_files({"d/BUILD": "file_tree(name='tree', sources=['a/**', '!a/not'])", "d/a/b/c": "", "d/a/x": "", "d/a/not": ""})
    target = runner.get_target(Address("d", target_name="tree"))
    request = HydrateSourcesRequest(target.get(SourcesField), for_sources_types=(FileSourceField,), enable_codegen=True)
    assert runner.request(HydratedSources, [request]).snapshot.files == ("d/a/b/c", "d/a/x")
    assert len(runner.request(AllTargets, [])) == 1

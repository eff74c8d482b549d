from __future__ import annotations

import pytest
from file_tree.register import rules, target_types

from pants.core.goals import tailor
from pants.core.goals.tailor import AllOwnedSources
from pants.core.target_types import FileSourceField
from pants.engine.addresses import Address
from pants.engine.target import AllTargets, HydratedSources, HydrateSourcesRequest, SourcesField
from pants.testutil.rule_runner import QueryRule, RuleRunner

BUILD = """
file_tree(name="tree", sources=["a/**", "!a/not"])
file_view(name="view", globs=["a/**", "b/*.txt", "!a/not"])
"""


@pytest.fixture
def runner() -> RuleRunner:
    runner = RuleRunner(
        rules=[
            *rules(),
            *tailor.rules(),
            QueryRule(HydratedSources, [HydrateSourcesRequest]),
            QueryRule(AllOwnedSources, []),
        ],
        target_types=target_types(),
    )
    runner.write_files({"d/BUILD": BUILD, **{f"d/{path}": "" for path in ("a/b/c", "a/x", "a/not", "b/x.txt", "b/x.md")}})
    return runner


@pytest.mark.parametrize("name, files", [("tree", ("d/a/b/c", "d/a/x")), ("view", ("d/a/b/c", "d/a/x", "d/b/x.txt"))])
def test_many_files_are_one_target_and_reach_who_asks_for_files(
    runner: RuleRunner, name: str, files: tuple[str, ...]
) -> None:
    target = runner.get_target(Address("d", target_name=name))
    request = HydrateSourcesRequest(target.get(SourcesField), for_sources_types=(FileSourceField,), enable_codegen=True)
    assert runner.request(HydratedSources, [request]).snapshot.files == files
    assert len(runner.request(AllTargets, [])) == 2


def test_a_view_owns_nothing(runner: RuleRunner) -> None:
    assert set(runner.request(AllOwnedSources, [])) == {"d/a/b/c", "d/a/x"}

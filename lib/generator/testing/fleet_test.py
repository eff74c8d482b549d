"""The real terraform on every stack that is generated for the sample fleet and the kitchen sinks.

Each environment is validated, planned and applied in order with stub providers; what one stack outputs, the next
reads. docs and the operations guide say what this proves and what it does not.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generator.testing import rendered
from generator.testing.stack_changes import recovered_schema
from generator.testing.stub_providers import StubProviders
from generator.testing.terraform import apply_environment, terraform_missing_reason, terraform_validate
from generator.testing.values import SECRET
from spec.loader import load_fleet

GOLDEN = Path(__file__).parent.parent / "testdata" / "golden"

_REASON = terraform_missing_reason()
pytestmark = pytest.mark.skipif(_REASON is not None, reason=_REASON or "")


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Path]]:
    """`<service>/<environment>` → stack → its folder, in the order of applying."""
    rendered.activate()
    from generator.generate import generate
    from generator.render import STACK_ORDER

    root, out = tmp_path_factory.mktemp("fleet"), tmp_path_factory.mktemp("out")
    fleet = load_fleet(Path("platform.yaml"), rendered.golden_fleet(root), root)
    made = generate(fleet, root, recovered_schema())
    for path, content in made.files.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)
    folders = sorted(folder for folder in out.glob("*/*") if folder.is_dir())
    return {
        folder.relative_to(out).as_posix(): {name: folder / name for name in STACK_ORDER if (folder / name).is_dir()}
        for folder in folders
    }


@pytest.fixture(scope="module")
def stub() -> Iterator[StubProviders]:
    with StubProviders(recovered_schema()) as providers:
        yield providers


def test_every_golden_is_among_them(environments: dict[str, dict[str, Path]]) -> None:
    """A golden that is left out here would be one that no Terraform has seen."""
    folders = GOLDEN.glob("*/*/*/cdk.tf.json")
    goldens = {f"{file.parts[-4]}/{file.parts[-3]}/{file.parts[-2]}" for file in folders}
    assert goldens == {f"{environment}/{stack}" for environment, stacks in environments.items() for stack in stacks}


def test_every_stack_is_valid(environments: dict[str, dict[str, Path]], stub: StubProviders) -> None:
    assert environments
    problems = {
        f"{environment}/{name}": found
        for environment, stacks in environments.items()
        for name, folder in stacks.items()
        if (found := terraform_validate(stub, folder).problems)
    }
    assert problems == {}


def test_every_environment_can_be_planned_and_applied_and_stores_no_secret(
    environments: dict[str, dict[str, Path]], stub: StubProviders
) -> None:
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        applied = pool.map(lambda stacks: apply_environment(stub, stacks), environments.values())
    for (environment, stacks), results in zip(environments.items(), applied, strict=True):
        assert {name: result.problems for name, result in results.items() if result.problems} == {}, environment
        assert list(results) == list(stacks), environment
        for name, result in results.items():
            assert SECRET not in json.dumps([result.plan, result.state]), f"{environment}/{name}"

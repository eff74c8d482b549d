"""`./pants test ::` runs what BUILD files declare: no folder's tests are forgotten."""

from __future__ import annotations

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def test_every_folder_with_tests_declares_them() -> None:
    folders = {path.parent for path in REPOSITORY.rglob("*_test.py") if ".tmp" not in path.parts}
    assert len(folders) > 10
    undeclared = [
        str(folder.relative_to(REPOSITORY))
        for folder in sorted(folders)
        if not (folder / "BUILD").is_file() or "python_tests(" not in (folder / "BUILD").read_text()
    ]
    assert undeclared == [], "run: ./pants tailor ::"

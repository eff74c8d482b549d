from __future__ import annotations

from pathlib import Path

import pytest

from generator.bindings.cache import SEAM
from generator.bindings.errors import BindingsError
from generator.bindings.seam import modules_by_package, read_seam


def _seam(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def test_every_import_form_names_a_module(tmp_path: Path) -> None:
    seam = _seam(
        tmp_path,
        b="from cdktf_cdktf_provider_random import provider as provider\n",
        a="from cdktf_cdktf_provider_google import project, sql_user as users\n"
        "from cdktf_cdktf_provider_google.project import Project\n"
        "from cdktf import App\nimport json\n",
    )
    lines = read_seam(seam)
    assert modules_by_package(lines) == {
        "cdktf_cdktf_provider_google": ("project", "sql_user"),
        "cdktf_cdktf_provider_random": ("provider",),
    }
    assert [(line.module, line.line) for line in lines if line.path.endswith("a.py")] == [
        ("project", 1),
        ("project", 2),
        ("sql_user", 1),
    ]


def test_tests_beside_the_seam_are_not_part_of_it(tmp_path: Path) -> None:
    seam = _seam(
        tmp_path,
        a="from cdktf_cdktf_provider_google import project\n",
        a_test="from cdktf_cdktf_provider_google import sql_user\n",
    )
    assert [line.module for line in read_seam(seam)] == ["project"]


def test_the_platforms_own_seam_is_read() -> None:
    assert set(modules_by_package(read_seam(SEAM))) >= {"cdktf_cdktf_provider_google", "cdktf_cdktf_provider_random"}


def test_a_seam_that_is_not_python_is_told_with_its_line(tmp_path: Path) -> None:
    _seam(tmp_path, a="import os\nfrom from\n")
    with pytest.raises(BindingsError, match=r"a\.py:2: the seam is not valid Python"):
        read_seam(tmp_path)


def test_a_folder_without_provider_imports_is_refused(tmp_path: Path) -> None:
    _seam(tmp_path, a="import os\n")
    with pytest.raises(BindingsError, match="is this the seam's folder"):
        read_seam(tmp_path)

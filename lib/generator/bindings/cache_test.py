from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.bindings import BindingsError, cache, ensure

_SEAM = "from cdktf_cdktf_provider_random import provider\n"


@pytest.fixture
def seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small seam of its own and an empty cache."""
    folder = tmp_path / "seam"
    folder.mkdir()
    (folder / "seam.py").write_text(_SEAM)
    monkeypatch.setattr(cache, "SEAM", folder)
    monkeypatch.setenv(cache.CACHE_VARIABLE, str(tmp_path / "cache"))
    return folder


def test_the_cut_is_made_once_and_again_when_the_seam_changes(seam: Path) -> None:
    first = ensure()
    made = (first / "schema.json").stat()
    assert ensure() == first
    assert (first / "schema.json").stat().st_mtime_ns == made.st_mtime_ns
    (seam / "seam.py").write_text(_SEAM + "# a remark is no change\n")
    assert ensure() == first
    (seam / "seam.py").write_text(_SEAM + "from cdktf_cdktf_provider_random import password\n")
    assert ensure() != first


def test_an_interrupted_attempt_is_swept_and_never_taken_for_the_cut(seam: Path, tmp_path: Path) -> None:
    leftover = tmp_path / "cache" / ".new-left"
    leftover.mkdir(parents=True)
    folder = ensure()
    assert (folder / "schema.json").is_file()
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".new-")] == []


def test_the_cuts_that_were_used_last_are_kept(seam: Path, tmp_path: Path) -> None:
    for age in range(20):
        old = tmp_path / "cache" / f"cut-{age}"
        old.mkdir(parents=True)
        os.utime(old, (1000 - age, 1000 - age))
    folder = ensure()
    kept = sorted(path.name for path in folder.parent.iterdir() if path.is_dir())
    assert kept == sorted([folder.name, *(f"cut-{age}" for age in range(7))])


def test_a_failed_cut_leaves_nothing_behind(seam: Path, tmp_path: Path) -> None:
    (seam / "seam.py").write_text(_SEAM + "from cdktf_cdktf_provider_random import pasword\n")
    with pytest.raises(BindingsError, match="did you mean password"):
        ensure()
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [".lock"]


def test_several_processes_at_once_get_the_same_folder(seam: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from generator.bindings import cache\n"
        "cache.SEAM = Path(sys.argv[1]); print(cache.ensure())"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", program, str(seam)]
    running = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    answers = {process.communicate()[0] for process in running}
    assert [process.returncode for process in running] == [0, 0, 0]
    assert answers == {f"{ensure()}\n"}


def test_a_package_that_is_not_installed_is_told(seam: Path) -> None:
    (seam / "seam.py").write_text("from cdktf_cdktf_provider_absent import provider\n")
    with pytest.raises(BindingsError, match="cdktf-cdktf-provider-absent is not installed for"):
        ensure()


def test_a_cache_that_cannot_be_written_is_told(seam: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(cache.CACHE_VARIABLE, str(tmp_path / "file" / "cache"))
    with pytest.raises(BindingsError, match="cannot write the cache of bindings: Not a directory"):
        ensure()

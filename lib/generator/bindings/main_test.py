from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.bindings.__main__ import MISUSE, main
from generator.bindings.cache import installed_folders

PUBLISHED = [f"--wheel={path}" for path in installed_folders(["constructs", "cdktf", "cdktf_cdktf_provider_random"])]


@pytest.fixture
def seam(tmp_path: Path) -> Path:
    folder = tmp_path / "seam"
    folder.mkdir()
    (folder / "seam.py").write_text("from cdktf_cdktf_provider_random import provider\n")
    return folder


def test_the_envelope_lists_what_was_written(seam: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main([*PUBLISHED, "--seam", str(seam), "--out", str(out)]) == 0
    envelope = json.loads(capsys.readouterr().out)
    assert (envelope["version"], envelope["diagnostics"]) == (1, [])
    listed = [file["path"] for file in envelope["files"]]
    assert "schema.json" in listed
    assert listed == sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("wheel", "message"),
    [("absent.whl", "no such wheel or folder"), (".", "no wheel of constructs, cdktf, cdktf-cdktf-provider-random")],
)
def test_a_wrong_wheel_is_misuse_and_one_line(
    seam: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], wheel: str, message: str
) -> None:
    arguments = ["--wheel", str(tmp_path / wheel), "--seam", str(seam), "--out", str(tmp_path / "out")]
    assert main(arguments) == MISUSE
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


def test_a_folder_with_files_is_not_overwritten(seam: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*PUBLISHED, "--seam", str(seam), "--out", str(seam)]) == MISUSE
    assert "not an empty folder; name a new one" in capsys.readouterr().err

"""`python -m spec`: exit codes, the envelope, help."""

from __future__ import annotations

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from spec import cli, loader
from spec.cli import BUG, FINE, MISUSE, WRONG_SPEC, main
from spec.reference import reference_files

TESTDATA = Path(__file__).parent / "testdata"
SEVERAL = TESTDATA / "invalid-fleet/several"
OMEGA = "services/omega/service.yaml"

Captured = pytest.CaptureFixture[str]


def test_valid(capsys: Captured) -> None:
    assert main(["validate", "--root", str(SEVERAL), "services/alpha/service.yaml", OMEGA]) == FINE
    assert capsys.readouterr().out == "2 specs and platform.yaml are valid.\n"


def test_invalid(capsys: Captured) -> None:
    specs = [str(path.relative_to(SEVERAL)) for path in SEVERAL.glob("services/*/service.yaml")]
    assert main(["validate", "--root", str(SEVERAL), *specs]) == WRONG_SPEC
    expected = (SEVERAL / "expected.txt").read_text().splitlines()[:-1]
    out = capsys.readouterr().out.splitlines()
    assert out[:-1] == expected
    assert out[-1] == f"{len(expected)} errors in 3 files; 2 specs without errors."


def test_envelope(capsys: Captured) -> None:
    assert main(["validate", "--root", str(SEVERAL), "--json", "services/delta/service.yaml", OMEGA]) == WRONG_SPEC
    envelope = json.loads(capsys.readouterr().out)
    assert envelope == {
        "version": 1,
        "files": [],
        "diagnostics": [
            {
                "severity": "error",
                "code": "invalid-yaml",
                "path": "services/delta/service.yaml",
                "line": 3,
                "column": 8,
                "key": "",
                "found": "a second `: ` on a line, or one below a value",
                "expected": "valid YAML",
                "fix": "put the value in quotes if the colon belongs to it; otherwise mend the indentation",
                "snippet": "",
            }
        ],
    }


def test_reference(tmp_path: Path, capsys: Captured) -> None:
    assert main(["reference", "--out", str(tmp_path)]) == FINE
    assert capsys.readouterr().out.count("wrote ") == 4
    for path, content in reference_files().items():
        assert (tmp_path / path).read_bytes() == content.encode()
    (tmp_path / "schema/service.schema.json").write_text("{}")
    assert main(["reference", "--out", str(tmp_path)]) == FINE
    assert capsys.readouterr().out.count("unchanged ") == 3
    assert main(["reference", "--out", str(tmp_path), "--json"]) == FINE
    files = {file["path"]: file["sha256"] for file in json.loads(capsys.readouterr().out)["files"]}
    assert files == {path: sha256((tmp_path / path).read_bytes()).hexdigest() for path in reference_files()}


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["vaildate"],
        ["validate", "--jsno"],
        ["reference"],
        ["validate", "--root", "/nonexistent"],
        ["validate", "--root"],
    ],
)
def test_misuse(arguments: list[str], capsys: Captured) -> None:
    try:
        code: object = main(arguments)
    except SystemExit as exit_:
        code = exit_.code
    assert code == MISUSE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("python -m spec")
    assert "Traceback" not in captured.err


def test_nowhere_to_write(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "schema").write_text("a file where a directory must be")
    assert main(["reference", "--out", str(tmp_path)]) == MISUSE
    assert "Traceback" not in capsys.readouterr().err


def test_bug(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(loader, "load_fleet", fail)
    assert main(["validate", "--root", str(SEVERAL)]) == BUG
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "ZeroDivisionError" in captured.err
    assert "bug in the program" in captured.err


@pytest.mark.parametrize("arguments", [["--help"], ["validate", "--help"], ["reference", "--help"]])
def test_help_teaches(arguments: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 0
    out = capsys.readouterr().out
    assert "exit codes:" in out
    assert all(line in out for line in (["example:"] if len(arguments) > 1 else ["validate", "reference"]))


def test_as_a_program() -> None:
    """Through `python -m`, with nothing on stderr; schedules, time zones and schemas are not imported for a service."""
    program = (
        "import sys, runpy; sys.argv = ['spec', 'validate', '--root', sys.argv[1], 'services/alpha/service.yaml']\n"
        "try:\n    runpy.run_module('spec', run_name='__main__')\n"
        "except SystemExit as exit_:\n    assert exit_.code == 0\n"
        "heavy = {'cronsim', 'tzdata', 'jsonschema', 'spec.reference'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, str(SEVERAL)],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "1 spec and platform.yaml are valid.\n"
    assert cli.ENVELOPE_VERSION == 1

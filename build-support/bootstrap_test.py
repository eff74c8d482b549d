"""The slow path of ./pants, with the steps that need a network put aside."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path
from typing import List

import bootstrap
import pytest

PEX = b"the pex"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where to install to; the steps only leave the files that they are known for."""
    monkeypatch.delenv("MSP_TOOLS_PYTHON", raising=False)

    def run(step: str, argv: List[str]) -> None:
        if "venv" in argv:
            python = Path(argv[-1], "bin", "python")
            python.parent.mkdir(parents=True)
            python.symlink_to("/bin/sh")
            (python.parent / "pip").write_text("")
        elif "pex" in argv:
            Path(argv[-1]).write_bytes(PEX)

    monkeypatch.setattr(bootstrap, "run", run)
    monkeypatch.setattr(bootstrap, "PEX_SHA256", hashlib.sha256(PEX).hexdigest())
    return tmp_path / "cache" / "key"


def install(home: Path) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    bootstrap.install(home.parent / "lock.txt", home)


def test_an_installation_is_complete_or_not_there(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install(home)
    bootstrap.write_ready(home, "/usr/bin/python3.11")
    assert sorted(path.name for path in home.iterdir()) == [f"pex-v{bootstrap.PEX_VERSION}", "ready", "venv"]
    assert [path.name for path in (home / "venv" / "bin").iterdir()] == ["python"]
    assert capsys.readouterr().err.count("\n") == 1
    lines = (home / "ready").read_text().splitlines()
    assert lines[1:3] == ["", "/usr/bin/python3.11"]
    assert lines[3].startswith(f'{bootstrap.PEX_VERSION} ["v{bootstrap.PEX_VERSION}|linux_x86_64|')


@pytest.mark.parametrize("failing", ["venv", "pip", "pex"])
def test_a_step_that_fails_leaves_nothing(home: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    succeed = bootstrap.run

    def run(step: str, argv: List[str]) -> None:
        if failing in argv:
            raise KeyboardInterrupt
        succeed(step, argv)

    monkeypatch.setattr(bootstrap, "run", run)
    with pytest.raises(KeyboardInterrupt):
        install(home)
    assert list(home.parent.iterdir()) == []


def test_a_pex_of_another_hash_is_not_used(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "PEX_SHA256", "0" * 64)
    with pytest.raises(SystemExit, match="not using it"):
        install(home)
    assert list(home.parent.iterdir()) == []


def test_what_an_interrupted_run_left_is_removed(home: Path) -> None:
    (home.parent / "incomplete-x").mkdir(parents=True)
    (home / "venv").mkdir(parents=True)
    install(home)
    assert [path.name for path in home.parent.iterdir()] == ["key"]


def test_the_second_of_two_waits_and_says_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.parent.mkdir(parents=True)
    lock = home.parent / "lock"
    order: List[str] = []

    def second() -> None:
        with bootstrap.only_one(lock, home):
            order.append("second")

    with bootstrap.only_one(lock, home):
        thread = threading.Thread(target=second)
        thread.start()
        while "waiting" not in capsys.readouterr().err:
            thread.join(0.01)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def fake_python(path: Path, version: str) -> Path:
    """Something that answers as an interpreter of that version, or that fails as a shim of pyenv's does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {version}\n" if version else "#!/bin/sh\nexit 127\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any Python."""
    monkeypatch.delenv("MSP_TOOLS_PYTHON", raising=False)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/bin")
    return tmp_path


def test_finds_the_tools_python_behind_a_shim(machine: Path) -> None:
    fake_python(machine / "bin" / "python3.11", "")
    fake_python(machine / "bin" / "python3.12", "cpython 3 12")
    assert bootstrap.find_tools_python() == str(machine / "bin" / "python3.12")
    best = fake_python(machine / "pyenv" / "versions" / "3.11.7" / "bin" / "python3.11", "cpython 3 11")
    assert bootstrap.find_tools_python() == str(best)


def test_another_implementation_is_not_taken(machine: Path) -> None:
    for version in ("3.11", "3.12", "3.13"):
        fake_python(machine / "bin" / f"python{version}", f"pypy {version.replace('.', ' ')}")
    with pytest.raises(SystemExit, match=r"^pants: no CPython 3\.11, 3\.12 or 3\.13 found, .* install it with: \S+"):
        bootstrap.find_tools_python()


def test_a_named_tools_python_is_taken_or_refused(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSP_TOOLS_PYTHON", str(fake_python(machine / "good", "cpython 3 13")))
    assert bootstrap.find_tools_python() == str(machine / "good")
    fake_python(machine / "bin" / "mine", "cpython 3 12")
    monkeypatch.setenv("MSP_TOOLS_PYTHON", "mine")
    assert bootstrap.find_tools_python() == str(machine / "bin" / "mine")
    monkeypatch.setenv("MSP_TOOLS_PYTHON", str(fake_python(machine / "old", "cpython 3 8")))
    with pytest.raises(SystemExit, match="is not a CPython 3.11, 3.12 or 3.13"):
        bootstrap.find_tools_python()

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from generator.bindings.bytecode import compile_folder
from generator.bindings.errors import BindingsError

_UNCHECKED_HASH = b"\x01\x00\x00\x00"
"""The flags of a file that is tied to its source by a hash that is never checked: PEP 552."""


def _compile(folder: Path, source: str) -> bytes:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "module.py").write_text(source)
    compile_folder(folder, ["module.py"])
    return Path(importlib.util.cache_from_source(str(folder / "module.py"))).read_bytes()


def test_the_byte_code_is_used_without_looking_at_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = _compile(tmp_path, "value = 1\n")
    assert compiled[:8] == importlib.util.MAGIC_NUMBER + _UNCHECKED_HASH
    (tmp_path / "module.py").write_text("value = 2\n")
    spec = importlib.util.spec_from_file_location("compiled_sample", tmp_path / "module.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.value == 1


def test_the_byte_code_does_not_depend_on_the_folder_or_on_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "def function(argument: str) -> set[str]:\n    return {'one', 'two', argument}\n"
    before = _compile(tmp_path / "one", source)
    (tmp_path / "sitecustomize.py").write_text("import os\nos._exit(9)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    assert _compile(tmp_path / "deeper" / "two", source) == before


def test_what_cannot_be_compiled_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(BindingsError, match="cannot compile the bindings: SyntaxError: invalid syntax"):
        _compile(tmp_path, "from from\n")


def test_the_running_python_compiles(tmp_path: Path) -> None:
    _compile(tmp_path, "value = 1\n")
    assert list(tmp_path.rglob(f"*.{sys.implementation.cache_tag}.pyc"))

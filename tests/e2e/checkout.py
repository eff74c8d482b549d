"""A copy of this repository, and its ./pants."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

REPOSITORY = Path.cwd()
PARTS = (
    "3rdparty", "BUILD", "build-support", "docs", "infra-out", "lib", "pants", "pants-plugins", "pants.toml",
    "platform.yaml", "releases", "schema", "services",
)  # fmt: skip
"""What a checkout is: named, because a sandbox holds much else. (`releases` is there while a tier is held.)"""


class Checkout:
    """Made below a folder that does not exist yet."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        for name in PARTS:
            if (REPOSITORY / name).is_dir():
                shutil.copytree(REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
            elif (REPOSITORY / name).exists():
                shutil.copy2(REPOSITORY / name, root / name)

    def remove(self) -> None:
        """With the daemon that runs in it."""
        for pid in (self.root / ".pids").glob("*/pantsd/pid"):
            with suppress(ProcessLookupError, ValueError):
                os.kill(int(pid.read_text()), signal.SIGTERM)
        shutil.rmtree(self.root, ignore_errors=True)

    def pants(self, *arguments: str, exit_code: int = 0) -> str:
        done = subprocess.run(
            ["./pants", *arguments],
            cwd=self.root,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        output = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
        assert done.returncode == exit_code, f"./pants {' '.join(arguments)} ended with {done.returncode}:\n{output}"
        assert "Traceback" not in output
        return output

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """./pants as it runs; what it says is in `stdout`."""
        return subprocess.Popen(
            ["./pants", *arguments],
            cwd=self.root,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")

    def generated(self) -> dict[str, bytes]:
        top = self.root / "infra-out"
        return {path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*") if path.is_file()}


def _environment() -> dict[str, str]:
    """Nothing of the ./pants that runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PANTS_", "PEX_", "PYTEST_"))}

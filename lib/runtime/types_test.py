"""mypy --strict over the library and its tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LIBRARIES = Path(__file__).parent.parent


def test_the_library_holds(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--explicit-package-bases", "--no-error-summary"]
    checked = subprocess.run(
        [*command, "--cache-dir", tmp_path, "runtime"], cwd=LIBRARIES, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr

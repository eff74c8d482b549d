"""mypy --strict over the libraries, on the cut bindings: a wrong argument of a resource is found before it is run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from generator.bindings import ensure

LIBRARIES = Path(__file__).parent.parent


def mypy(*arguments: str | Path, cwd: Path = LIBRARIES) -> subprocess.CompletedProcess[str]:
    """Run mypy as the project does: strict, with the cut bindings for the published ones."""
    return subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--explicit-package-bases", "--no-error-summary", *arguments],
        cwd=cwd,
        env={**os.environ, "MYPYPATH": str(ensure())},
        capture_output=True,
        text=True,
    )


def test_the_libraries_hold(tmp_path: Path) -> None:
    checked = mypy("--cache-dir", tmp_path, "spec", "generator")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_misspelt_argument_is_found(tmp_path: Path) -> None:
    """The cut keeps the types: without them the test above would prove nothing about resources."""
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "from cdktf import TerraformStack\n"
        "from cdktf_cdktf_provider_google.cloud_run_v2_service import CloudRunV2Service\n"
        "def build(stack: TerraformStack) -> None:\n"
        "    CloudRunV2Service(stack, 'run', ingres='all')\n"
    )
    checked = mypy("--cache-dir", tmp_path / "cache", wrong)
    assert checked.returncode == 1
    assert 'Unexpected keyword argument "ingres"' in checked.stdout

"""The fast path of ./pants, over a Python that only tells how it was called."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Dict

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent

# As a CPython 3.9 it says yes to any `-c`; given bootstrap.py it leaves an installation, whose Python tells how it is called.
PYTHON = """\
#!/bin/sh
[ "$1" = -c ] && exit 0
while [ "$1" != --home ]; do shift; done
mkdir -p "$2/venv/bin"
echo installed >>"$2/../installed"
cat >"$2/venv/bin/python" <<'END'
#!/bin/sh
echo "arguments: $*"
env
END
chmod +x "$2/venv/bin/python"
printf '%s\\n' "$0" "$MSP_TOOLS_PYTHON" "$0" '2.60.0 ["v2.60.0|linux_x86_64|abc|1"]' >"$2/ready"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the script with a plugin beside it, on a machine that has the programs it needs and no Python."""
    for path in ("build-support", "3rdparty/python", "pants-plugins/msp", "bin"):
        (tmp_path / path).mkdir(parents=True)
    shutil.copy(REPOSITORY / "pants", tmp_path)
    (tmp_path / "build-support" / "bootstrap.py").write_text("")
    (tmp_path / "3rdparty/python/pants-plugins.lock.txt").write_text("")
    (tmp_path / "pants-plugins/msp/register.py").write_text("one")
    for program in ("bash", "cat", "env", "find", "mkdir", "chmod", "sh", "sha256sum", "sort"):
        found = shutil.which(program, path="/usr/bin:/bin")
        assert found, program
        (tmp_path / "bin" / program).symlink_to(found)
    return tmp_path


def pants(checkout: Path, *arguments: str, exit_code: int = 0, **environment: str) -> subprocess.CompletedProcess:
    done = subprocess.run(
        [str(checkout / "pants"), *arguments],
        env={"PATH": str(checkout / "bin"), "HOME": str(checkout / "home"), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
    )
    assert done.returncode == exit_code, done.stderr
    return done


def with_python(checkout: Path) -> Dict[str, str]:
    python = checkout / "python 3.9"
    python.write_text(PYTHON)
    python.chmod(0o755)
    return {"MSP_PANTS_PYTHON": str(python)}


def exported(output: str) -> Dict[str, str]:
    return dict(line.split("=", 1) for line in output.splitlines() if line.startswith(("PANTS_", "PYTHONPATH")))


def test_without_a_cpython_39_it_says_which_why_and_how(checkout: Path) -> None:
    done = pants(checkout, "list", "::", exit_code=1)
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("pants: no CPython 3.9 found, which Pants 2.17 runs on; install it with: sudo apt-get")
    (checkout / "bin" / "pyenv").symlink_to("/bin/true")
    assert pants(checkout, exit_code=1).stderr.endswith("install it with: pyenv install 3.9\n")


def test_it_installs_once_and_runs_pants(checkout: Path) -> None:
    for _ in range(2):
        done = pants(checkout, "list", "a b", **with_python(checkout))
        assert done.stdout.startswith("arguments: -m pants list a b\n")
    assert (checkout / "home/.cache/msp-pants/installed").read_text() == "installed\n"
    python = checkout / "python 3.9"
    variables = exported(done.stdout)
    assert variables["PANTS_PEX_CLI_VERSION"] == "v2.60.0"
    assert variables["PANTS_PEX_CLI_KNOWN_VERSIONS"] == '["v2.60.0|linux_x86_64|abc|1"]'
    assert variables["PANTS_PYTHON_BOOTSTRAP_SEARCH_PATH"] == f"['{python}', '{python}']"


def test_another_lock_is_another_installation(checkout: Path) -> None:
    pants(checkout, **with_python(checkout))
    (checkout / "3rdparty/python/pants-plugins.lock.txt").write_text("other")
    pants(checkout, **with_python(checkout), MSP_PANTS_CACHE=str(checkout / "home/.cache/msp-pants"))
    assert (checkout / "home/.cache/msp-pants/installed").read_text() == "installed\ninstalled\n"


def test_an_interpreter_that_is_gone_is_looked_for_again(checkout: Path) -> None:
    pants(checkout, **with_python(checkout))
    (ready,) = (checkout / "home/.cache/msp-pants").glob("*/ready")
    ready.write_text(ready.read_text().replace("python 3.9", "gone", 1))
    pants(checkout, **with_python(checkout))
    assert "gone" not in ready.read_text()


def test_another_tools_python_is_asked_for_and_no_longer(checkout: Path) -> None:
    for asked_for in ("", "python3.12", ""):
        pants(checkout, **with_python(checkout), MSP_TOOLS_PYTHON=asked_for)
        (ready,) = (checkout / "home/.cache/msp-pants").glob("*/ready")
        assert ready.read_text().splitlines()[1] == asked_for


def test_the_daemon_restarts_when_a_plugin_changes_and_not_when_its_test_does(checkout: Path) -> None:
    def key() -> str:
        return exported(pants(checkout, **with_python(checkout)).stdout)["PANTS_PANTSD_INVALIDATION_GLOBS"]

    first = key()
    (checkout / "pants-plugins/msp/register_test.py").write_text("")
    assert key() == first
    (checkout / "pants-plugins/msp/register.py").write_text("two")
    second = key()
    (checkout / "pants-plugins/msp/register.py").rename(checkout / "pants-plugins/msp/other.py")
    assert len({first, second, key()}) == 3


def test_it_runs_the_installations_python_on_demand(checkout: Path) -> None:
    done = pants(checkout, "-m", "pytest", **with_python(checkout), MSP_RUN_PYTHON="1")
    assert done.stdout.startswith("arguments: -m pytest\n")
    assert exported(done.stdout)["PYTHONPATH"] == str(checkout / "pants-plugins")


def test_it_works_from_any_folder_and_through_a_relative_path(checkout: Path) -> None:
    done = subprocess.run(
        ["../pants", "list"],
        cwd=checkout / "bin",
        env={"PATH": str(checkout / "bin"), "HOME": str(checkout / "home"), **with_python(checkout)},
        stdout=subprocess.PIPE,
        universal_newlines=True,
    )
    assert done.stdout.startswith("arguments: -m pants list\n")
    assert os.path.isdir(checkout / "home")

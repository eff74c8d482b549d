"""Installs Pants and its Pex from PyPI into a cache. Called by `./pants` when they are not there yet.

Nothing of it is a download from a release page: Pants, its test utilities and what they need come as wheels, by the hashes
in the lock; the Pex PEX that Pants runs is built here, reproducibly to the bit, and compared with a hash of its own.

Safe to run twice at once (the second waits) and to interrupt: an installation is made in a folder of its own and gets its
name by one rename; what an interrupted run left is removed by the next.

Standard library only; runs on CPython 3.9.
"""

import argparse
import contextlib
import fcntl
import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator, List, NoReturn, Optional, Tuple

# Newer than the Pex that Pants 2.17.1 asks for by default (2.1.137), which cannot run on CPython 3.12 and later. It has to
# be built *by* 2.1.137, which is in Pants' own lock: the PEX runtime inside must be the one that Pants expects.
PEX_VERSION = "2.60.0"
PEX_SHA256 = "b0db20df1e8ee83a6f2b7b9b98300bbcc5e8d48f617a0ee4c8b00b6d5a1e15ba"
PEX_SIZE_BYTES = 5134536
# The PEX holds Python code only, so that one file serves every platform that Pants 2.17.1 has a wheel for.
PLATFORMS = ("linux_x86_64", "linux_arm64", "macos_x86_64", "macos_arm64")

# In order of preference; pants.toml's interpreter_constraints say the same.
TOOLS_VERSIONS = ((3, 11), (3, 12), (3, 13))


def fail(message: str) -> NoReturn:
    sys.exit(f"pants: {message}")


def version_of(python: str) -> Optional[Tuple[int, int]]:
    """The version of a CPython, or None where it does not run (a pyenv shim whose version is not selected)."""
    program = "import sys; print(sys.implementation.name, *sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    name, major, minor = done.stdout.decode().split()
    return (int(major), int(minor)) if name == "cpython" else None


def find_tools_python() -> str:
    """The interpreter for everything but Pants itself: the libraries, the tools, the tests."""
    asked_for = os.environ.get("MSP_TOOLS_PYTHON")
    if asked_for:
        named = shutil.which(asked_for)
        if named is None or version_of(named) not in TOOLS_VERSIONS:
            fail(f"MSP_TOOLS_PYTHON is {asked_for}, which is not a CPython 3.11, 3.12 or 3.13")
        return os.path.abspath(named)
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    for version in TOOLS_VERSIONS:
        name = "{}.{}".format(*version)
        found = shutil.which(f"python{name}")
        for candidate in (*sorted(glob.glob(f"{pyenv}/versions/{name}.*/bin/python{name}")), *([found] if found else [])):
            if version_of(candidate) == version:
                return candidate
    install = "pyenv install 3.11" if shutil.which("pyenv") else "sudo apt-get install python3.11"
    fail(f"no CPython 3.11, 3.12 or 3.13 found, which the tools and the tests run on; install it with: {install}")


@contextlib.contextmanager
def only_one(lock_path: Path, home: Path) -> Iterator[None]:
    """Waits for any other process that installs into the same cache. The lock ends with its process, however that ends."""
    with lock_path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print(f"pants: waiting for another ./pants that is installing into {home.parent} …", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(step: str, argv: List[str]) -> None:
    done = subprocess.run(argv, stdout=sys.stderr)
    if done.returncode != 0:
        fail(f"{step} failed (see above). Nothing was installed; run ./pants again to retry")


def install(lock: Path, home: Path) -> None:
    """Makes `home` with the virtual environment and the Pex PEX in it, or leaves nothing."""
    if sys.version_info[:2] != (3, 9):
        fail("build-support/bootstrap.py needs CPython 3.9; run ./pants, which finds it")
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(home)
    for leftover in home.parent.glob("incomplete-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    print(f"pants: installing Pants 2.17.1 from PyPI into {home} (once; about 20 s) …", file=sys.stderr, flush=True)
    work = Path(tempfile.mkdtemp(prefix="incomplete-", dir=home.parent))
    try:
        python = str(work / "venv" / "bin" / "python")
        run("making a virtual environment (on Debian and Ubuntu: apt-get install python3.9-venv)",
            [sys.executable, "-m", "venv", str(work / "venv")])
        # --no-deps: the lock is complete. -qq: pip's warnings about a machine's own settings are noise here.
        run("installing Pants from PyPI", [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check",
                                           "--no-deps", "--require-hashes", "--requirement", str(lock)])
        pex = work / f"pex-v{PEX_VERSION}"
        run("building Pex from PyPI", [python, "-m", "pex", f"pex=={PEX_VERSION}", "--console-script", "pex", "--python-shebang",
                                       "/usr/bin/env python", "--no-strip-pex-env", "--include-tools", "--output-file", str(pex)])
        found = hashlib.sha256(pex.read_bytes()).hexdigest()
        if found != PEX_SHA256:
            fail(f"the Pex built from PyPI has the sha256 {found}, not {PEX_SHA256}: not using it. Is another index set for pip?")
        # Its scripts name the folder that is about to be renamed; everything here runs modules with `python -m`.
        for script in (work / "venv" / "bin").iterdir():
            if not script.name.startswith("python"):
                script.unlink()
        os.rename(work, home)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def write_ready(home: Path, tools_python: str) -> None:
    """Four lines that `./pants` reads: the CPython 3.9; what MSP_TOOLS_PYTHON asks for, and what the tools' CPython then is;
    Pex' version and [pex-cli].known_versions."""
    base = os.path.realpath(sys.executable)
    known = json.dumps([f"v{PEX_VERSION}|{platform}|{PEX_SHA256}|{PEX_SIZE_BYTES}" for platform in PLATFORMS])
    new = home / f"ready.{os.getpid()}"
    asked_for = os.environ.get("MSP_TOOLS_PYTHON", "")
    new.write_text(f"{base}\n{asked_for}\n{tools_python}\n{PEX_VERSION} {known}\n")
    os.replace(new, home / "ready")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lock", type=Path, required=True, help="the hash-pinned list of what to install")
    parser.add_argument("--home", type=Path, required=True, help="the folder to make; its parent is the cache")
    options = parser.parse_args()
    # Before anything is downloaded: without it nothing could be built.
    tools_python = find_tools_python()
    options.home.parent.mkdir(parents=True, exist_ok=True)
    with only_one(options.home.parent / "lock", options.home):
        if not os.access(options.home / "venv" / "bin" / "python", os.X_OK):
            install(options.lock, options.home)
        write_ready(options.home, tools_python)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)

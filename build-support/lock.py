"""Writes the lockfiles: hash-pinned lists of requirements, without the address of any index or of any machine.

    build-support/lock               every lockfile, keeping the versions it has where the requirements allow them
    build-support/lock generator     this one only
    build-support/lock --upgrade     the newest versions that the requirements allow
    build-support/lock --check       only says which are not current; needs no network

Pants' own `generate-lockfiles` records where each file was downloaded from; these lists do not, so that a checkout works
with any index. The resolver is uv, itself installed from the lock that is named after it.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "3rdparty" / "python"


def lockfile_name(resolve: str) -> str:
    return f"{resolve}.lock.txt"


@dataclass(frozen=True)
class Resolve:
    """One lockfile, `<name>.lock.txt`, valid on every platform and on every CPython from `python` on."""

    name: str
    inputs: tuple[str, ...]
    python: str
    # Other resolves whose versions this one shares. (They are locked first.)
    like: tuple[str, ...] = ()
    # False where the packages are only read, never imported, so that nothing they require is wanted.
    dependencies: bool = True

    @property
    def lockfile(self) -> Path:
        return FOLDER / lockfile_name(self.name)

    def arguments(self) -> tuple[str, ...]:
        """uv's arguments. `--no-config`, and the environment below: nothing of the machine's settings."""
        return (
            "pip", "compile", "--no-config", "--quiet", "--universal", "--generate-hashes", "--no-header", "--no-annotate",
            "--python-version", self.python, *(part for name in self.like for part in ("--constraint", lockfile_name(name))),
            *(() if self.dependencies else ("--no-deps",)), *self.inputs,
        )  # fmt: skip

    def header(self) -> str:
        """The comment that ties a lockfile to what it was made from."""
        made_from = hashlib.sha256()
        files = (*self.inputs, *(lockfile_name(name) for name in self.like))
        for part in (*self.arguments(), *((FOLDER / name).read_text() for name in files)):
            made_from.update(part.encode() + b"\0")
        return f"# Written by build-support/lock from {' and '.join(self.inputs)} ({made_from.hexdigest()[:16]}); not edited by hand.\n"

    def is_current(self) -> bool:
        return self.lockfile.exists() and self.lockfile.read_text().startswith(self.header())


RESOLVES = (
    Resolve("generator", ("generator.in",), python="3.11"),
    # What services import; and the servers that `:dev` gives them, which nothing imports and no image has.
    Resolve("services", ("runtime.in", "services.in", "servers.in"), python="3.11", like=("generator",)),
    Resolve(
        "lib",
        ("generator.in", "tests.in", "bindings.in", "runtime.in", "services.in", "servers.in"),
        python="3.11",
        like=("generator", "services"),
    ),
    Resolve("bindings", ("bindings.in",), python="3.11", dependencies=False),
    Resolve("pytest", ("pytest.in",), python="3.9"),
    Resolve("pants-plugins", ("pants-plugins.in",), python="3.9"),
    # A program that tests start; nothing of it is imported.
    Resolve("policy", ("policy.in",), python="3.11"),
    Resolve("uv", ("uv.in",), python="3.9"),
)


def environment() -> dict[str, str]:
    """This process' environment, without what would let a machine's own indexes and folders into a lockfile."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_")) or name == "PIP_CERT"}


def install_uv(folder: str) -> str:
    """uv, installed by hash from its own lockfile into `folder`; the path of its executable."""
    lockfile = str(FOLDER / "uv.lock.txt")
    pip = (sys.executable, "-m", "pip", "--isolated", "install", "-qq", "--disable-pip-version-check")
    subprocess.run([*pip, "--require-hashes", "--target", folder, "--requirement", lockfile], check=True, env=environment())
    return os.path.join(folder, "bin", "uv")


def write(resolve: Resolve, uv: str, upgrade: bool) -> None:
    """Makes the lockfile anew. uv reads the file that it is to write, and keeps its versions unless told to upgrade."""
    with tempfile.TemporaryDirectory() as scratch:
        new = Path(scratch, "lock.txt")
        if resolve.lockfile.exists():
            new.write_text(resolve.lockfile.read_text())
        argv = [uv, *resolve.arguments(), *(("--upgrade",) if upgrade else ()), "--output-file", str(new)]
        subprocess.run(argv, check=True, cwd=FOLDER, env=environment())
        text = new.read_text()
    if "://" in text or " @ " in text:
        sys.exit(f"lock: {resolve.lockfile.name} would hold an address; not written")
    resolve.lockfile.write_text(resolve.header() + text)


def main() -> None:
    parser = argparse.ArgumentParser(prog="build-support/lock", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [resolve.name for resolve in RESOLVES]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which lockfiles: {', '.join(names)} (default: all)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a lockfile is not current")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that the requirements allow")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(names))
    if unknown:
        parser.error(f"no lockfile is named {', '.join(unknown)}; there are: {', '.join(names)}")
    chosen = [resolve for resolve in RESOLVES if not options.names or resolve.name in options.names]

    if options.check:
        stale = [resolve.name for resolve in chosen if not resolve.is_current()]
        if stale:
            sys.exit(f"lock: not current: {', '.join(stale)}; run: build-support/lock {' '.join(stale)}")
        return
    with tempfile.TemporaryDirectory() as folder:
        uv = install_uv(folder)
        for resolve in chosen:
            write(resolve, uv, options.upgrade)
            print(f"lock: wrote {resolve.lockfile.relative_to(FOLDER.parent.parent)}")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"lock: {os.path.basename(error.cmd[0])} failed (see above); lockfiles not named as written are as they were")

"""`python -m generator.bindings --wheel PATH … --out DIR`: cut the bindings that the seam names out of the wheels."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from generator.bindings.cache import SEAM
from generator.bindings.cut import cut
from generator.bindings.errors import BindingsError
from generator.bindings.seam import read_seam

MISUSE = 2
"""The exit code for wheels, a seam or an output folder that will not do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Cut, then print the envelope (version, files with their SHA-256, no diagnostics) and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m generator.bindings", description=__doc__)
    parser.add_argument(
        "--wheel",
        action="append",
        required=True,
        type=Path,
        help="a wheel, a packed Pex's copy of one, or the folder it is installed in (repeat for each package)",
    )
    parser.add_argument("--out", required=True, type=Path, help="the folder to write; it must be empty or not exist")
    parser.add_argument("--seam", default=SEAM, type=Path, help="the folder of the Python files that import bindings")
    options = parser.parse_args(arguments)
    try:
        if options.out.exists() and any(options.out.iterdir()):
            raise BindingsError(f"{options.out}: not an empty folder; name a new one")
        cut(options.wheel, read_seam(options.seam), options.out)
    except BindingsError as error:
        print(error, file=sys.stderr)
        return MISUSE
    files = sorted(path for path in options.out.rglob("*") if path.is_file())
    listed = [
        {"path": path.relative_to(options.out).as_posix(), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in files
    ]
    print(json.dumps({"version": 1, "files": listed, "diagnostics": []}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

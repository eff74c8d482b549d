"""`python -m runtime.authorization compile authorization.fga`: the model as JSON beside it, for the image."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from runtime.authorization.compiling import write_compiled
from runtime.authorization.errors import ModelError
from runtime.extras import MissingExtraError


def main(arguments: list[str]) -> int:
    """Exit codes: 0 in order · 1 a model is wrong · 2 misuse."""
    parser = argparse.ArgumentParser(prog="python -m runtime.authorization", description=__doc__)
    commands = parser.add_subparsers(required=True)
    compile = commands.add_parser("compile", help="write <model>.fga.json beside each <model>.fga")
    compile.add_argument("models", nargs="+", type=Path)
    failed = False
    for source in parser.parse_args(arguments).models:
        try:
            print(write_compiled(source))
        except (ModelError, MissingExtraError) as error:
            print(error, file=sys.stderr)
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

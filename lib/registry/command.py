"""`python -m generator resolve-images`: the one command of the platform's programs that asks the network."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

from registry import credentials
from registry.client import digest_of
from registry.resolve import resolve
from spec.diagnostics import has_errors

FINE, WRONG_SPEC, MISUSE = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    """Looks up and writes; returns the exit code."""
    options = _parser().parse_args(arguments)
    for path in (options.platform, *options.spec):
        if not (options.root / path).is_file():
            print(f"resolve-images: {path}: no such file below {options.root.resolve()}", file=sys.stderr)
            return MISUSE
    # One registry is asked about many images: its credentials once.
    lookup = partial(digest_of, credentials=cache(credentials.find))
    try:
        resolved = resolve(options.root, options.platform, options.spec, lookup)
    except OSError as error:
        print(f"resolve-images: {error.filename}: {error.strerror}", file=sys.stderr)
        return MISUSE
    for diagnostic in resolved.diagnostics:
        print(diagnostic.render())
    for line in resolved.lines:
        print(line)
    for path in resolved.written:
        print(f"wrote {path}" if (options.root / path).exists() else f"removed {path}: no subscription is left")
    if not resolved.lines and not resolved.diagnostics:
        print("No environment has `deploy.type: subscription`.")
    return WRONG_SPEC if has_errors(resolved.diagnostics) else FINE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m generator resolve-images",
        description="Looks up what the tags of subscriptions mean now, and writes it into images.lock.yaml beside each spec."
        " Signs in as `docker` does (DOCKER_CONFIG, credential helpers).",
        epilog="exit codes: 0 all looked up, 1 a spec is wrong or a tag was not found, 2 misuse, 3 a bug",
    )
    parser.add_argument("--root", type=Path, default=Path(), help="root of the repository (default: here)")
    parser.add_argument("--platform", type=Path, default=Path("platform.yaml"), help="the organisation's settings")
    parser.add_argument("--spec", type=Path, action="append", required=True, metavar="PATH", help="once per service")
    return parser

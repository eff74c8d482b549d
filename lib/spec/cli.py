"""`python -m spec`: argv, files, findings on stdout, an exit code. Knows nothing of the build system."""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

from .diagnostics import Diagnostic, has_errors, ordered

FINE, WRONG_SPEC, MISUSE, BUG = 0, 1, 2, 3
"""Exit codes, the same for all of the platform's programs."""

ENVELOPE_VERSION = 1

_EPILOG = """\
exit codes:
  0  everything is fine (warnings may have been shown)
  1  a spec or platform.yaml is wrong; every finding says where and how to mend it
  2  this command was called wrongly
  3  a bug in this program; its trace is on stderr
"""


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong and where help is."""

    def error(self, message: str) -> NoReturn:
        self.exit(MISUSE, f"{self.prog}: {message}\nTry `{self.prog} --help`.\n")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    root = _Parser(
        prog="python -m spec",
        description="Checks service.yaml files, and describes what they may say.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)

    validate = commands.add_parser(
        "validate",
        help="check specs by themselves, against platform.yaml, and against each other",
        description="Checks specs by themselves, against platform.yaml, and against each other; shows every finding of"
        " every file at once.",
        epilog="example:\n  python -m spec validate services/*/service.yaml\n\n" + _EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    validate.add_argument("specs", nargs="*", metavar="SPEC", help="a service.yaml; services/<id>/service.yaml")
    validate.add_argument(
        "--root", default=".", metavar="DIR", help="the repository's root (default: here); paths are relative to it"
    )
    validate.add_argument(
        "--platform",
        default="platform.yaml",
        metavar="FILE",
        help="the organisation's settings (default: platform.yaml)",
    )
    validate.add_argument(
        "--on",
        type=date.fromisoformat,
        metavar="DATE",
        help="a day such as 2027-01-31: also tell which policy exceptions have ended by then, or soon will",
    )
    validate.add_argument(
        "--json", action="store_true", help="print the findings as one JSON envelope instead of lines"
    )

    reference = commands.add_parser(
        "reference",
        help="write the JSON Schemas and the reference pages",
        description="Writes what is generated from the model: schema/*.schema.json for editors, docs/reference/*-yaml.md"
        " for people. Files that are current are left alone.",
        epilog="example:\n  python -m spec reference --out .\n\n" + _EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    reference.add_argument("--out", required=True, metavar="DIR", help="where to write them: the repository's root")
    reference.add_argument("--json", action="store_true", help="print the files as one JSON envelope instead of lines")
    return root


def main(arguments: Sequence[str]) -> int:
    """Runs one command; returns its exit code."""
    options = parser().parse_args(arguments)
    try:
        return _validate(options) if options.command == "validate" else _reference(options)
    except OSError as error:
        print(f"python -m spec: {error.filename or ''}: {(error.strerror or str(error)).lower()}", file=sys.stderr)
        return MISUSE
    except Exception:  # noqa: BLE001 - whatever it is, the exit code says that it is ours
        traceback.print_exc()
        print(
            "python -m spec: this is a bug in the program, not in your files; please report the trace above.",
            file=sys.stderr,
        )
        return BUG


def _validate(options: argparse.Namespace) -> int:
    from .loader import load_fleet
    from .policy import expiries

    root = Path(options.root)
    if not root.is_dir():
        print(f"python -m spec validate: --root {options.root} is not a directory.", file=sys.stderr)
        return MISUSE
    fleet = load_fleet(Path(options.platform), [Path(spec) for spec in options.specs], root)
    diagnostics = ordered((*fleet.diagnostics, *(expiries(fleet, options.on) if options.on else ())))
    failed = has_errors(diagnostics)
    if options.json:
        _print_envelope({}, diagnostics)
    else:
        for diagnostic in diagnostics:
            print(diagnostic.render())
        print(_summary(diagnostics, len(fleet.services), failed))
    return WRONG_SPEC if failed else FINE


def _reference(options: argparse.Namespace) -> int:
    from .reference import reference_files

    files = reference_files()
    for path, content in files.items():
        file = Path(options.out) / path
        is_current = file.is_file() and file.read_bytes() == content.encode()
        if not is_current:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode())
        if not options.json:
            print(f"{'unchanged' if is_current else 'wrote'} {path}")
    if options.json:
        _print_envelope(files, ())
    return FINE


def _print_envelope(files: dict[str, str], diagnostics: Sequence[Diagnostic]) -> None:
    envelope = {
        "version": ENVELOPE_VERSION,
        "files": [
            {"path": path, "sha256": sha256(content.encode()).hexdigest()} for path, content in sorted(files.items())
        ],
        "diagnostics": [diagnostic.to_json() for diagnostic in diagnostics],
    }
    print(json.dumps(envelope, indent=2, ensure_ascii=False))


def _summary(diagnostics: Sequence[Diagnostic], valid: int, failed: bool) -> str:
    errors = sum(diagnostic.severity == "error" for diagnostic in diagnostics)
    files = len({diagnostic.path for diagnostic in diagnostics if diagnostic.severity == "error"})
    if failed:
        return f"{_count(errors, 'error')} in {_count(files, 'file')}; {_count(valid, 'spec')} without errors."
    return f"{_count(valid, 'spec')} and platform.yaml are valid."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

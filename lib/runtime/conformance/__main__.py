"""The checks from a command line: `python -m runtime.conformance services/accounts [--update]`.

It takes what the service's conformance_test.py says of paths and values, where there is one; a program in another language
has its command here.

Exit codes: 0 as committed (or written) · 1 something differs · 2 misuse
"""

from __future__ import annotations

import argparse
import importlib.util
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from runtime.conformance import record, report
from runtime.conformance.bench import Bench
from runtime.conformance.checks import CHECKS
from runtime.conformance.discovery import DescriptionError, NoServiceError, discover, folder_of
from runtime.conformance.outcome import Outcome
from runtime.conformance.pytest_plugin import LOAD, title
from runtime.conformance.subject import Subject
from spec.conformance import Conformance, ConformanceError, read, render

TEST = "conformance_test.py"


def main(argv: Sequence[str]) -> int:
    arguments = _parser().parse_args(argv)
    known = {check.id for check in CHECKS}
    unknown = sorted(set(arguments.only) - known)
    if unknown:
        print(f"no check {', '.join(unknown)}; there are {', '.join(check.id for check in CHECKS)}", file=sys.stderr)
        return 2
    try:
        subject = _subject(arguments)
        found = read(subject.result_file)
    except (NoServiceError, DescriptionError) as error:
        print(error, file=sys.stderr)
        return 2
    except ConformanceError as error:
        print(f"{subject.result_file}: {error}: delete it, then --update", file=sys.stderr)
        return 2
    committed = {} if found is None else found.entries
    outcomes = _measured(subject, tuple(arguments.only))
    entries = {check.id: record.entry(check, outcomes[check.id]) for check in CHECKS if check.id in outcomes}
    print(report.table(title(subject), outcomes))
    if arguments.update:
        # What was not tried stays as it was.
        kept = {check.id: entries.get(check.id) or committed.get(check.id) for check in CHECKS}
        written = Conformance(subject.described.id, {id: one for id, one in kept.items() if one is not None})
        subject.result_file.write_text(render(written), encoding="utf-8")
        print(f"wrote {subject.result_file}")
        return 0
    differences = [record.difference(id, committed.get(id), entry) for id, entry in entries.items()]
    for difference in filter(None, differences):
        print(f"differs: {difference}")
    return 1 if any(differences) else 0


def _measured(subject: Subject, only: Sequence[str]) -> dict[str, Outcome]:
    outcomes = {}
    with Bench(subject) as bench:
        for check in CHECKS:
            if not only or check.id in only:
                print(f"… {check.id}", file=sys.stderr)
                outcomes[check.id] = check.outcome(bench)
    return outcomes


def _subject(arguments: argparse.Namespace) -> Subject:
    """As its test has it, or from the command line."""
    directory = folder_of(arguments.service)
    tests = sorted(directory.glob(f"*/{TEST}"))
    if not tests or arguments.command:
        return discover(
            directory, environment=arguments.environment, command=shlex.split(arguments.command), paths=arguments.path or ("/",)
        )
    # The service's own modules, as its test imports them.
    sys.path.insert(0, str(directory))
    spec = importlib.util.spec_from_file_location(f"{tests[0].parent.name}.conformance_test", tests[0])
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    subject = getattr(module.test_conformance, LOAD)()
    assert isinstance(subject, Subject)
    return subject


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m runtime.conformance",
        description="Starts a service as the platform does, and tries every promise of the contract.",
    )
    parser.add_argument("service", type=Path, help="its folder, such as services/accounts")
    parser.add_argument("--update", action="store_true", help="write what was measured into its conformance.json")
    parser.add_argument("--only", action="append", default=[], metavar="CHECK", help="only this check; once per check")
    parser.add_argument("--environment", metavar="ID", help="where there is no test: the environment; the first by default")
    parser.add_argument("--command", default="", help="where there is no test: how it is started, for another language")
    parser.add_argument("--path", action="append", metavar="PATH", help="where there is no test: asked under load")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

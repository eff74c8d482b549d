"""One command line: `python -m ops COMMAND SERVICE [ENV] [options]`."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from ops import description
from ops.errors import BUG, INTERRUPTED, MISUSED, Misuse, OpsError
from ops.gcloud import Gcloud
from ops.processes import Processes
from ops.session import Session
from ops.terminal import Terminal

COMMANDS = ("access", "job", "links", "logs", "rollout", "secrets", "status")
"""The modules of ops.commands, by their names; each is imported when it is asked for."""

EXIT_CODES = """\
exit codes: 0 done · 1 it could not be done, the message says what mends it · 2 wrong arguments · 3 a bug · 130 Ctrl-C
"""


def main(argv: Sequence[str], terminal: Terminal | None = None) -> int:
    terminal = terminal or Terminal()
    try:
        return _run(argv, terminal)
    except OpsError as error:
        terminal.error(error.lines())
        return error.code
    except KeyboardInterrupt:
        terminal.note("stopped")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has seen enough (`… | head`); nothing is left to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        terminal.error([f"a bug of this program: {type(error).__name__}: {error}", "with OPS_TRACEBACK=1 it says where"])
        if os.environ.get("OPS_TRACEBACK"):
            raise
        return BUG


def _run(argv: Sequence[str], terminal: Terminal) -> int:
    if not argv or argv[0] in ("-h", "--help"):
        terminal.data(overview())
        return 0 if argv else MISUSED
    if argv[0] not in COMMANDS:
        near = difflib.get_close_matches(argv[0], COMMANDS, 1)
        raise Misuse(f"no command {argv[0]!r}", *description.meant(near), f"there are: {', '.join(COMMANDS)}")
    command = load(argv[0])
    arguments = parser(command).parse_args(argv[1:])
    said = _said(arguments.service, arguments.called)
    found = description.read(arguments.root, arguments.service)
    environment = description.environment(found, arguments.environment)
    if arguments.environment is None:
        terminal.note(f"{found.id} {environment.id} ({environment.project})")
    processes = Processes(terminal, dry_run=arguments.dry_run, verbose=arguments.verbose)
    more = said(f"access {environment.id} request read") if environment.operating.get("access") else None
    session = Session(found, environment, terminal, processes, Gcloud(processes, more), arguments.json, said)
    code: int = command.run(session, arguments)
    return code


def load(name: str) -> ModuleType:
    return import_module(f"ops.commands.{name.replace('-', '_')}")


def overview() -> str:
    """What `--help` says: every command with its line."""
    lines = [f"  {name:<12} {load(name).HELP}" for name in COMMANDS]
    return "\n".join(
        [
            "usage: python -m ops COMMAND SERVICE [ENVIRONMENT] [options]",
            "",
            "Operates a deployed service. Names, projects and accounts come from its generated description.",
            "",
            *lines,
            "",
            "COMMAND --help says more. --dry-run prints what would run, and runs nothing.",
            "",
            EXIT_CODES.rstrip(),
        ]
    )


def parser(command: ModuleType) -> argparse.ArgumentParser:
    examples = "\n".join(f"  python -m ops {command.NAME} {example}".rstrip() for example in command.EXAMPLES)
    made = argparse.ArgumentParser(
        prog=f"python -m ops {command.NAME}",
        description=command.HELP,
        epilog=f"examples:\n{examples}\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("service", help="the service's id")
    made.add_argument(
        "environment", nargs="?", help="the environment's id (default: the only one, or the only one of tier test)"
    )
    command.add(made)
    made.add_argument("--dry-run", action="store_true", help="print exactly what would run, and run nothing")
    made.add_argument("--json", action="store_true", help="data as JSON on standard output")
    made.add_argument("--verbose", action="store_true", help="tell every program that is run")
    made.add_argument(
        "--root", type=Path, default=Path(), metavar="FOLDER", help="the repository's root (default: this folder)"
    )
    made.add_argument("--called", default="", help=argparse.SUPPRESS)
    return made


def _said(service: str, called: str) -> Callable[[str], str]:
    """How a command is typed where this one was typed: as a target of Pants, or as it is.

    called   the folder of the service's targets, such as services/accounts
    """

    def said(text: str) -> str:
        command, _, rest = text.partition(" ")
        if called:
            return f"./pants run {called}:{command}" + (f" -- {rest}" if rest else "")
        return f"python -m ops {command} {service} {rest}".rstrip()

    return said

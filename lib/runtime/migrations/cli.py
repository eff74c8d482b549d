"""Migrations by hand. The database is the environment's: PGDSN and PGDATABASES here, the platform's variables there.

Exit codes: 0 in order · 1 something is to be done or mended, itemised on stderr · 2 misuse.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg

from runtime.contract import ConfigurationError, Problem, Reader, read_contract
from runtime.google_identity import IdentityError, google_identity
from runtime.migrations.drift import find_drift
from runtime.migrations.errors import MigrationError
from runtime.migrations.history import plan, read_history
from runtime.migrations.runner import connection_arguments, migrate
from runtime.migrations.scripts import new_script, read_scripts
from runtime.postgres.connecting import Address
from runtime.postgres.errors import one_line
from runtime.postgres.settings import Settings


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run one command; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "new":
            print(new_script(options.folder, " ".join(options.name), "py" if options.python else "sql"))
            return 0
        return asyncio.run(_with_database(options, environment))
    except (MigrationError, ConfigurationError, IdentityError) as error:
        print(error, file=sys.stderr)
    except psycopg.Error as error:
        print(f"the database refused: {one_line(error)}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m runtime.migrations", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--folder", type=Path, default=Path("migrations"), help="where migrations are (migrations)")
    database = argparse.ArgumentParser(add_help=False, parents=[common])
    database.add_argument("--database", help="which of PGDATABASES; not needed where there is one")
    check = commands.add_parser("check", parents=[database], help="is the database what its migrations make?")
    check.add_argument(
        "--shadow",
        metavar="DSN",
        help="a server to make the shadow database on, without password (PGPASSFILE has it); by default the same server",
    )
    commands.add_parser("status", parents=[database], help="which migrations were applied, which are to come")
    commands.add_parser("up", parents=[database], help="apply what is to come")
    new = commands.add_parser("new", parents=[common], help="begin the next migration")
    new.add_argument("name", nargs="+", help="what it does: add email to users")
    new.add_argument("--python", action="store_true", help="as a Python script with alembic's op")
    return parser


async def _with_database(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    address = _address(environment, options.database)
    if options.command == "up":
        applied = await migrate(address, options.folder)
        print("\n".join(applied) or "nothing to apply")
        return 0
    arguments = await connection_arguments(address)
    scripts = read_scripts(options.folder)
    with psycopg.connect(**arguments) as connection:
        history = read_history(connection)
    found = plan(scripts, history)
    if options.command == "status":
        for script in scripts:
            applied_at = history[script.revision].applied_at if script.revision in history else "to come"
            print(f"{script.name}\t{applied_at}")
        for newer in found.newer:
            print(f"{newer.file}\t{newer.applied_at}\tnot known to this program")
        return 0
    if found.pending:
        names = ", ".join(script.name for script in found.pending)
        print(f"to come: {names}. Apply with `python -m runtime.migrations up`.", file=sys.stderr)
        return 1
    shadow = psycopg.conninfo.conninfo_to_dict(options.shadow) if options.shadow else arguments
    findings = await asyncio.to_thread(find_drift, arguments, shadow, scripts)
    if findings:
        count = "1 difference" if len(findings) == 1 else f"{len(findings)} differences"
        lines = "\n".join(f"  {finding}" for finding in findings)
        print(
            f"database {address.database}: {count} from what its migrations make:\n{lines}\n"
            "Undo what was done by hand, or write it down: `python -m runtime.migrations new …`.",
            file=sys.stderr,
        )
        return 1
    print(f"database {address.database} is what its {len(scripts)} migrations make")
    return 0


def _address(environment: Mapping[str, str], database: str | None) -> Address:
    """ConfigurationError where the environment has no such database."""
    reader = Reader(environment)
    contract = read_contract(reader, "migrations", "job")
    if contract is None:
        raise ConfigurationError(reader.problems)
    if contract.postgres is None:
        raise ConfigurationError([Problem("PGDSN", "nothing", "postgresql://…/{database}, or the platform's variables")])
    declared = contract.postgres.databases
    name = database or (declared[0] if len(declared) == 1 else None)
    if name is None or (declared and name not in declared):
        choice = ", ".join(declared) or "none"
        raise ConfigurationError(
            [Problem("--database", database or "nothing", f"one of PGDATABASES (which has: {choice})")]
        )
    identity = google_identity(on_platform=True) if contract.on_platform else None
    password = identity.token if identity is not None else None
    return Address(contract.postgres, name, f"{contract.service_id} {contract.environment_id}", Settings(), password)

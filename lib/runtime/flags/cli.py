"""Feature flags by hand: what they are, and setting one otherwise than flags.toml has it, with who and why.

A flag set here holds in all instances of the environment within ten seconds, until it is cleared; for one actor it comes
before what is set for everybody, and both before the rules of the file.

  python -m runtime.flags list
  python -m runtime.flags set new_checkout on --why "tried by support" --actor user:42
  python -m runtime.flags set new_checkout off --why "incident 123"
  python -m runtime.flags clear new_checkout --why "mended"
  python -m runtime.flags log

The database is the environment's: PGDSN and PGDATABASES on a developer's machine, the platform's variables there. Overrides
are in the first of PGDATABASES: schema runtime, tables flag_overrides and flag_changes.

Exit codes: 0 in order · 1 refused, with the reason on stderr · 2 misuse.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg

from runtime.contract import ConfigurationError, PostgresContract, Problem, Reader, read_contract
from runtime.flags.definitions import Flag
from runtime.flags.errors import UnknownFlagError
from runtime.flags.overrides import EVERYBODY, OverrideStore
from runtime.flags.reading import read_flags
from runtime.google_identity import IdentityError, google_identity
from runtime.postgres import Postgres
from runtime.postgres.errors import one_line

LOG_LINES = 50


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run one command; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        flags = read_flags(options.file)
        _known(options, flags)
        return asyncio.run(_run(options, flags, environment))
    except OSError as error:
        print(f"{options.file}: {error.strerror}; name the file of flags with --file", file=sys.stderr)
    except (ConfigurationError, IdentityError, UnknownFlagError) as error:
        print(error, file=sys.stderr)
    except psycopg.Error as error:
        print(f"the database refused: {one_line(error)}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m runtime.flags", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--file", type=Path, default=Path("flags.toml"), help="where the flags are (flags.toml)")
    change = argparse.ArgumentParser(add_help=False, parents=[common])
    change.add_argument("flag", help="a flag of the file")
    change.add_argument("--actor", default=EVERYBODY, help="for whom, by id; for everybody where it is not given")
    change.add_argument("--why", required=True, help="kept with the change")
    change.add_argument("--who", default=None, help="who decides it; you, by the system's name, where it is not given")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", parents=[common], help="all flags, and what is set over the file")
    commands.add_parser("log", parents=[common], help=f"the last {LOG_LINES} changes")
    commands.add_parser("clear", parents=[change], help="as the file has it again")
    setting = commands.add_parser("set", parents=[change], help="set a variant")
    setting.add_argument("variant", help="a variant of the flag; on or off where it is boolean")
    return parser


def _known(options: argparse.Namespace, flags: Mapping[str, Flag]) -> None:
    """UnknownFlagError for what the file does not have. What is left of a flag that is gone can still be cleared."""
    if options.command != "set":
        return
    if options.flag not in flags:
        raise UnknownFlagError("flag", options.flag, flags)
    if options.variant not in flags[options.flag].variants:
        raise UnknownFlagError(f"flag {options.flag!r}: variant", options.variant, flags[options.flag].variants)


async def _run(options: argparse.Namespace, flags: Mapping[str, Flag], environment: Mapping[str, str]) -> int:
    contract, name, on_platform = _contract(environment)
    identity = google_identity(on_platform=True) if on_platform else None
    postgres = Postgres(contract, application_name=name, on_platform=on_platform, identity=identity)
    try:
        await postgres.open()
        store = OverrideStore(postgres[contract.databases[0]])
        await store.open()
        if options.command == "list":
            await _list(store, flags)
        elif options.command == "log":
            await _log(store)
        else:
            await _change(store, options)
    finally:
        await postgres.close()
    return 0


async def _list(store: OverrideStore, flags: Mapping[str, Flag]) -> None:
    overrides = await store.read()
    for flag in flags.values():
        rules = f", {len(flag.rules)} rules" if flag.rules else ""
        expiry = f", expires {flag.expires}" if flag.expires else ""
        print(f"{flag.name}  {flag.type}, default {flag.default}{rules}, of {flag.owner}{expiry}: {flag.description}")
        print(f"    variants: {', '.join(flag.variants)}")
        for (name, actor), override in sorted(overrides.items()):
            if name == flag.name:
                said = f"{override.variant} for {actor or 'everybody'}"
                print(f"    set: {said}, by {override.who} at {override.at:%Y-%m-%d %H:%M %Z}: {override.why}")
    for name in sorted({name for name, _ in overrides} - flags.keys()):
        print(f"{name}  is set, but not in the file: python -m runtime.flags clear {name} --why …")


async def _log(store: OverrideStore) -> None:
    for change in await store.changes(LOG_LINES):
        what = f"{change.before or 'as in the file'} -> {change.after or 'as in the file'}"
        whom = change.actor or "everybody"
        print(f"{change.at:%Y-%m-%d %H:%M:%S %Z}  {change.flag} for {whom}: {what}, by {change.who}: {change.why}")


async def _change(store: OverrideStore, options: argparse.Namespace) -> None:
    variant = options.variant if options.command == "set" else None
    before = await store.change(options.flag, options.actor, variant, options.who or getpass.getuser(), options.why)
    whom = options.actor or "everybody"
    print(f"{options.flag} for {whom}: {before or 'as in the file'} -> {variant or 'as in the file'}")


def _contract(environment: Mapping[str, str]) -> tuple[PostgresContract, str, bool]:
    """The database, what to call oneself there, and whether this is the platform. ConfigurationError."""
    reader = Reader(environment)
    contract = read_contract(reader, "flags", "job")
    if contract is None:
        raise ConfigurationError(reader.problems)
    if contract.postgres is None or not contract.postgres.databases:
        raise ConfigurationError(
            [Problem("PGDSN", "nothing", "postgresql://…/{database} and PGDATABASES, or the platform's variables")]
        )
    return contract.postgres, f"{contract.service_id} {contract.environment_id} flags", contract.on_platform

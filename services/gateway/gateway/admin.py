"""Actors and their keys: `python -m gateway.admin COMMAND`, with the database that PGDSN or the platform's variables name.

  put-actor acme --name "Acme Corp."
  allow acme chat_completions --requests 10000 --tokens 20000000 --window 1d --rate 60/1m [--model gpt-4o …]
  forbid acme embeddings
  add-key acme [--days 365]      the license key is read from standard input; prints the access token
  revoke-key                     the access token is read from standard input
  disable acme | enable acme
  list [acme]
  usage acme

A change takes effect within the gateway's ACTOR_CACHE (10 s). Exit codes: 0 done, 1 refused, 2 misuse.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

import psycopg

from gateway.actors import FeatureLimits
from gateway.administration import Administration, KeyTakenError, NotFoundError
from gateway.catalog import FEATURES, read_catalog
from gateway.keys import WeakLicenseKeyError
from gateway.service import DATABASE, Gateway
from runtime import ConfigurationError, UndeclaredResourceError
from runtime.contract import Problem, Reader, read_contract
from runtime.contract.values import duration
from runtime.google_identity import google_identity
from runtime.postgres import Postgres
from runtime.postgres.errors import one_line


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit code."""
    parsed = _parser().parse_args(arguments)
    try:
        asyncio.run(_run(parsed))
    except (ConfigurationError, UndeclaredResourceError) as error:
        return _refused(str(error), 2)
    except psycopg.errors.CheckViolation as error:
        return _refused(f"not a value that the database takes ({error.diag.constraint_name})", 1)
    except psycopg.OperationalError as error:
        return _refused(one_line(error), 1)
    except (NotFoundError, KeyTakenError, WeakLicenseKeyError) as error:
        return _refused(str(error), 1)
    return 0


def _refused(text: str, code: int) -> int:
    print(f"gateway.admin: {text}", file=sys.stderr)
    return code


async def _run(parsed: argparse.Namespace) -> None:
    reader = Reader(os.environ)
    contract = read_contract(reader, Gateway.name, "job")
    reader.finish()
    assert contract is not None
    if contract.postgres is None:
        raise ConfigurationError([Problem("PGDATABASES", "nothing", "gateway, and PGDSN with where it is")])
    identity = google_identity(on_platform=True) if contract.on_platform else None
    postgres = Postgres(
        contract.postgres, application_name="gateway admin", on_platform=contract.on_platform, identity=identity
    )
    try:
        await postgres.open()
        await _do(Administration(postgres[DATABASE]), parsed)
    finally:
        await postgres.close()


async def _do(administration: Administration, parsed: argparse.Namespace) -> None:
    match parsed.command:
        case "put-actor":
            await administration.put_actor(parsed.actor, parsed.name)
        case "allow":
            await administration.allow(parsed.actor, parsed.feature, _limits(parsed))
        case "forbid":
            await administration.forbid(parsed.actor, parsed.feature)
        case "add-key":
            print(await administration.add_key(parsed.actor, sys.stdin.readline(), parsed.days))
        case "revoke-key":
            print(f"revoked: a key of {await administration.revoke_key(sys.stdin.readline().strip())}")
        case "enable" | "disable":
            await administration.enable(parsed.actor, parsed.command == "enable")
        case "list":
            for line in await administration.actors(parsed.actor):
                print(f"{line.id:30} {'enabled ' if line.enabled else 'disabled'} {line.keys:3} keys  {line.name}")
        case _:
            await _usage(administration, parsed.actor)


async def _usage(administration: Administration, actor: str) -> None:
    for line in await administration.usage(actor):
        print(
            f"{line.window_start:%Y-%m-%d %H:%M}  {line.feature:17} {line.requests:10} requests {line.tokens:14} tokens"
            f"  (granted {line.granted_requests}, {line.granted_tokens})"
        )


def _limits(parsed: argparse.Namespace) -> FeatureLimits:
    models = None if parsed.model is None else frozenset(parsed.model)
    rate, rate_seconds = parsed.rate or (None, 60)
    return FeatureLimits(models, parsed.requests, parsed.tokens, parsed.window, rate, rate_seconds)


def _seconds(text: str) -> int:
    try:
        return int(duration(text).total_seconds())
    except ValueError:
        raise argparse.ArgumentTypeError("expected a duration such as 1d or 30m") from None


def _rate(text: str) -> tuple[int, int]:
    number, _, per = text.partition("/")
    if not number.isdigit() or not per:
        raise argparse.ArgumentTypeError("expected requests and a duration, such as 60/1m")
    return int(number), _seconds(per)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gateway.admin", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("put-actor", "allow", "forbid", "add-key", "disable", "enable", "usage"):
        commands.add_parser(name).add_argument("actor")
    commands.choices["put-actor"].add_argument("--name", required=True)
    for name in ("allow", "forbid"):
        commands.choices[name].add_argument("feature", choices=FEATURES)
    allow = commands.choices["allow"]
    allow.add_argument("--requests", type=int, help="per window; none: no limit")
    allow.add_argument("--tokens", type=int, help="per window; none: no limit")
    allow.add_argument("--window", type=_seconds, default=86400, help="1m to 32d (default: 1d)")
    allow.add_argument("--rate", type=_rate, help="such as 60/1m; none: no limit")
    models = sorted(read_catalog().models)
    allow.add_argument("--model", action="append", choices=models, help="again for each; none: all of the feature's")
    commands.choices["add-key"].add_argument("--days", type=int, help="for how many days; none: for good")
    commands.add_parser("revoke-key")
    commands.add_parser("list").add_argument("actor", nargs="?")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

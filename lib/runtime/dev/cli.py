"""`python -m runtime.dev <folder of the service> [environment] [options]`; `./pants run services/<id>:dev` calls it."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from runtime.dev.errors import DevError
from runtime.dev.folders import clear, data_folder, take
from runtime.dev.local_settings import local_settings
from runtime.dev.run import Wanted, run
from spec.description import FILE, Description, DescriptionError, Environment, read

MISUSED = 2

DESCRIPTION = """\
Runs a service on this machine, as Cloud Run would: with exactly the variables of its spec, a PostgreSQL and a Redis of its
own where the spec declares them, migrated and seeded. Ctrl-C ends everything; the data stay for the next time.
"""

EPILOG = """\
examples:
  ./pants run services/accounts:dev                            the environment that is safest to play with: tier test
  ./pants run services/accounts:dev -- prod                    the variables of another one
  ./pants run services/accounts:dev -- --reset                 with empty databases
  ./pants run services/accounts:dev -- --reload                started again whenever its source changes
  ./pants run services/accounts:dev -- --set LOG_LEVEL=debug   one variable otherwise, for this run

A service says what it needs locally in <module>/dev.py:
  VARIABLES = {"OIDC_ISSUER": "{{ oidc }}"}       values of its own settings and secrets; {{ url }} is its own address
  async def seed(runtime): ...                    first data, after the migrations; once for each data folder
  companions = {"oidc": start_provider}           further servers: called with a folder and a port

Without Pants, in a Python that has the packages: PYTHONPATH=lib python -m runtime.dev services/accounts
"""


def main(argv: Sequence[str]) -> int:
    arguments = _parser().parse_args(argv)
    try:
        return _run(arguments)
    except (DevError, DescriptionError) as error:
        print(f"dev: {error}", file=sys.stderr)
        return MISUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="runtime.dev",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("directory", type=Path, metavar="folder", help="of the service (`./pants run` gives it)")
    parser.add_argument("environment", nargs="?", help="an environment of the spec (default: the first of tier test)")
    parser.add_argument("--reset", action="store_true", help="begin with empty data")
    parser.add_argument("--seed", action="store_true", help="run `seed` again")
    parser.add_argument("--reload", action="store_true", help="start again when a file of the service changes")
    parser.add_argument("--port", type=int, help="of the service (default: the same free one each time)")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME[=VALUE]",
        help="one variable of the service; without a value it is taken from the shell, which suits secrets",
    )  # fmt: skip
    parser.add_argument(
        "--postgres", default=os.environ.get("MSP_DEV_POSTGRES"), metavar="DSN",
        help="use this PostgreSQL: postgresql://user@host/{database} (default: $MSP_DEV_POSTGRES, or one of its own)",
    )  # fmt: skip
    parser.add_argument(
        "--redis", default=os.environ.get("MSP_DEV_REDIS"), metavar="URL",
        help="use this Redis: redis://host:port (default: $MSP_DEV_REDIS, or one of its own)",
    )  # fmt: skip
    parser.add_argument("--data", type=Path, help="the folder to keep data in (default: one in the user's cache)")
    parser.add_argument("--module", help="what to run as `python -m` (default: the service's id with _ for -)")
    return parser


def _run(arguments: argparse.Namespace) -> int:
    root, directory = _checkout(arguments.directory)
    description = read(root / "infra-out" / directory.name / FILE)
    environment = _environment(description, arguments.environment)
    module = arguments.module or description.id.replace("-", "_")
    if str(directory) not in sys.path:
        sys.path.insert(0, str(directory))
    _require_program(root, directory, description, module)
    given = dict(_given(text) for text in arguments.set)
    folder = (arguments.data or data_folder(root, description.id, environment.id)).resolve()
    with take(folder):
        if arguments.reset:
            clear(folder)
        wanted = Wanted(
            root=root,
            description=description,
            environment=environment,
            module=module,
            source_root=directory,
            folder=folder,
            port=arguments.port,
            postgres=arguments.postgres,
            redis=arguments.redis,
            seed=arguments.seed,
            reload=arguments.reload,
            given=given,
        )
        return run(wanted, local_settings(module))


def _checkout(directory: Path) -> tuple[Path, Path]:
    """The checkout's root and the service's folder. DevError where there is no service."""
    found = directory.resolve()
    if not (found / "service.yaml").is_file():
        raise DevError(f"{directory} has no service.yaml; name the folder of a service, such as services/accounts")
    root = next((parent for parent in found.parents if (parent / "platform.yaml").is_file()), None)
    if root is None:
        raise DevError(f"no folder above {found} has a platform.yaml: this is no checkout of the platform's repository")
    return root, found


def _environment(description: Description, id: str | None) -> Environment:
    """The one of that id; by default the first of tier test, else of tier internal, else the first."""
    if id is not None:
        return description.environment(id)
    tiers = ("test", "internal", "external")
    return min(description.environments, key=lambda environment: tiers.index(environment.tier))


def _require_program(root: Path, directory: Path, description: Description, module: str) -> None:
    try:
        found = importlib.util.find_spec(f"{module}.__main__")
    except ModuleNotFoundError:
        found = None
    if found is None:
        place = (directory / module / "__main__.py").relative_to(root)
        raise DevError(
            f"{description.id} has no program here: `python -m {module}` would run {place}, which does not exist."
            f" Write it (docs/runtime.md shows one), or name another module: msp_service(entry_point=\"…\") in"
            f" {directory.relative_to(root)}/BUILD"
        )


def _given(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        if name not in os.environ:
            raise DevError(f"--set {name}: your shell has no such variable; write --set {name}=<value>, or export it")
        value = os.environ[name]
    return name, value

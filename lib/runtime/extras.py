"""What belongs to an extra is imported when it is used: a service without a database does not install a driver."""

from __future__ import annotations

import importlib.util
from pathlib import Path

REQUIREMENTS: dict[str, tuple[str, ...]] = {
    "postgres": ("psycopg[binary]", "psycopg-pool"),
    "migrations": ("alembic", "SQLAlchemy", "psycopg[binary]"),
    "authorization": ("openfga-sdk", "PyJWT[crypto]"),
    "redis": ("redis[hiredis]",),
    "flags": ("openfeature-sdk",),
    "oidc": ("PyJWT[crypto]",),
}
"""Extra -> what a service that uses it adds to its requirements (3rdparty/python/runtime.in)."""


class MissingExtraError(ImportError):
    """A part of the library is used whose requirement is not installed."""


def folder_of(package: str, requirement: str, purpose: str) -> Path:
    """The folder of an installed package, which is not imported. MissingExtraError where it is not installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise missing(package, (requirement,), purpose)
    return Path(spec.origin).parent


def missing_package(name: str) -> MissingExtraError:
    """The error to raise where `runtime.<name>` is not in the image although the environment or the code asks for it."""
    return MissingExtraError(
        f"the service uses {name}, but runtime.{name} is not in the image. Add a dependency on lib/runtime/{name} to "
        "the service's sources.",
        name=f"runtime.{name}",
    )


def missing(module: str, requirements: tuple[str, ...], purpose: str) -> MissingExtraError:
    """The error to raise where `module` is not installed. `purpose` begins its text."""
    names = " and ".join(requirements)
    return MissingExtraError(
        f"{purpose} needs {names}: the module `{module}` is not installed. Add {names} to the requirements of the "
        "service (in this repository: a dependency on //3rdparty/python:runtime#<name>).",
        name=module,
    )

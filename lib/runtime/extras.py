"""What belongs to an extra is imported when it is used: a service without a database does not install a driver."""

from __future__ import annotations

import importlib
from types import ModuleType

REQUIREMENTS: dict[str, tuple[str, ...]] = {
    "postgres": ("psycopg[binary]", "psycopg-pool"),
    "migrations": ("alembic", "SQLAlchemy", "psycopg[binary]"),
    "redis": ("redis[hiredis]",),
}
"""Extra -> what a service that uses it adds to its requirements (3rdparty/python/runtime.in)."""


class MissingExtraError(ImportError):
    """A part of the library is used whose requirement is not installed."""


def require(module: str, requirement: str, purpose: str) -> ModuleType:
    """The module. MissingExtraError names the requirement to add where it is not installed.

    purpose  what it is for, as the end of the sentence "… is needed for"
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not (module == error.name or module.startswith(f"{error.name}.")):
            raise
        raise missing(module, (requirement,), purpose) from None


def missing(module: str, requirements: tuple[str, ...], purpose: str) -> MissingExtraError:
    """The error to raise where `module` is not installed."""
    names = " and ".join(requirements)
    return MissingExtraError(
        f"{purpose} needs {names}: the module `{module}` is not installed. Add {names} to the requirements of the "
        "service (in this repository: a dependency on //3rdparty/python:runtime#<name>).",
        name=module,
    )

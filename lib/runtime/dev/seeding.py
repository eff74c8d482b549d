"""`python -m runtime.dev.seeding <module>`: runs `seed` of a service's dev.py with a runtime like the service's own.

The migrations have been applied before it, and everything that the spec declares is open, as for the service.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

from runtime.dev.errors import DevError
from runtime.dev.local_settings import local_settings
from runtime.service import Job, Program


def program_of(module: str) -> type[Program[Any]]:
    """The class that `python -m <module>` starts: the only one of its kind that `<module>.__main__` names.

    DevError where it names none, or several.
    """
    main = importlib.import_module(f"{module}.__main__")
    found = _programs(main)
    if len(found) != 1:
        names = ", ".join(sorted(one.__name__ for one in found)) or "none"
        raise DevError(
            f"{main.__file__} has to name the one class that it starts, for seeding; found: {names}. (It is imported for that:"
            ' what it runs belongs below `if __name__ == "__main__":`.)'
        )
    return found[0]


def _programs(module: ModuleType) -> list[type[Program[Any]]]:
    classes = {one if isinstance(one, type) else type(one) for one in vars(module).values()}
    return [one for one in classes if issubclass(one, Program) and not one.__module__.startswith("runtime.")]


def seeding_job(module: str) -> Job[Any]:
    """A job with the service's settings, migrations and all else that it declares."""
    program, seed = program_of(module), local_settings(module).seed
    if seed is None:
        raise DevError(f"{module}.dev has no `async def seed(runtime)`")
    # Its class attributes but for methods; `limits` and the like mean nothing to a job.
    names = [name for name in dir(program) if not name.startswith("_")]
    declared = {name: value for name in names if isinstance(value := getattr(program, name), type) or not callable(value)}

    async def execute(self: Job[Any], runtime: Any) -> None:
        await seed(runtime)

    made: type[Job[Any]] = type("Seeding", (Job,), {**declared, "execute": execute})
    return made()


def main() -> None:
    from runtime.start import run_job

    module, sys.argv[1:] = sys.argv[1], []
    try:
        job = seeding_job(module)
    except DevError as error:
        sys.exit(f"seeding: {error}")
    run_job(job)


if __name__ == "__main__":
    main()

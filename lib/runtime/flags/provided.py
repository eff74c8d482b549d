"""`runtime.flags`."""

from __future__ import annotations

from typing import Any

from runtime.flags.flags import Flags
from runtime.flags.reading import read_flags
from runtime.runtime import Runtime


async def provide(runtime: Runtime[Any]) -> Flags:
    """The flags of the program's file, with overrides in the first declared database where there is one."""
    path = runtime.program.flags
    assert path is not None
    definitions = read_flags(path)
    if runtime.contract.postgres is None:
        return await runtime.use(Flags(definitions))
    # Only who has a database has to have its driver installed.
    from runtime.flags.overrides import OverrideStore

    database = next(iter(runtime.postgres.values()))
    return await runtime.use(Flags(definitions, OverrideStore(database)))

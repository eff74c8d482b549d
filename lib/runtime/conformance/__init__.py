"""Whether a service keeps what the platform and it have agreed on: docs/conformance.md.

    from runtime.conformance import conformance

    test_conformance = conformance(__file__)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from spec.conformance import command

from .discovery import NOTHING, discover, folder_of
from .pytest_plugin import tests_of

__all__ = ["conformance"]


def conformance(
    file: str,
    *,
    environment: str | None = None,
    paths: Sequence[str] = ("/",),
    headers: Mapping[str, str] = NOTHING,
    seed: Mapping[str, str] = NOTHING,
    own: Mapping[str, str] = NOTHING,
) -> Callable[..., None]:
    """The test of a service: one for each check, against the committed conformance.json.

    file          `__file__` of the test's module, which lies in the service's package
    environment   the id of the one that is tried; the description's first by default
    paths         what is asked of it under load: each answers below 500, and together they use every resource
    headers       of those requests
    seed          database -> SQL, for what those requests need; run once the first start has made its tables
    own           values of its own settings and secrets, where those of the spec do not do on this machine
    """
    path = Path(file)
    load = partial(
        discover, path, environment=environment, module=path.parent.name, paths=paths, headers=headers, seed=seed, own=own
    )
    return tests_of(load, command(f"services/{folder_of(path).name}"))

"""From a service's folder to what is checked: its description, its module, where it is imported from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from spec.description import FILE, DescriptionError, read

from .described import Described
from .subject import Subject, module_command

OUTPUT = "infra-out"
SPEC = "service.yaml"
NOTHING: Mapping[str, str] = {}


class NoServiceError(Exception):
    """The folder holds no service that could be started; the text says what is missing."""


def folder_of(place: Path) -> Path:
    """The folder of the service to which a file or folder belongs. NoServiceError where there is none."""
    found = place.resolve()
    for folder in (found, *found.parents):
        # In a sandbox of a build the spec may be missing; what is made of it is there.
        if (folder / SPEC).is_file() or (folder.parent.parent / OUTPUT / folder.name / FILE).is_file():
            return folder
    raise NoServiceError(f"{place}: no folder of a service: there is no {SPEC} in it or above it")


def discover(
    place: Path,
    *,
    environment: str | None = None,
    module: str | None = None,
    command: Sequence[str] = (),
    paths: Sequence[str] = ("/",),
    headers: Mapping[str, str] = NOTHING,
    seed: Mapping[str, str] = NOTHING,
    own: Mapping[str, str] = NOTHING,
) -> Subject:
    """The service in whose folder `place` lies, in the environment of that id or its first. The rest as Subject has it.

    module    what `python -m` starts; the service's id with `_` for `-` where it is not given
    command   in its stead, for a program that is not Python's

    NoServiceError, DescriptionError.
    """
    directory = folder_of(place)
    root = directory.parent.parent
    description = read(root / OUTPUT / directory.name / FILE)
    chosen = description.environment(environment) if environment else description.environments[0]
    return Subject(
        id=description.id,
        kind=description.kind,
        command=tuple(command) or module_command(module or description.id.replace("-", "_")),
        described=Described.of(chosen),
        paths=tuple(paths),
        headers=headers,
        seed=seed,
        own=own,
        search_path=(directory, root / "lib"),
        directory=directory,
    )


__all__ = ["DescriptionError", "NoServiceError", "discover", "folder_of"]

"""The findings of `generator.safety.changes` with their places: which spec, which environment, which file to write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.safety.changes import Change, Environment, changes
from generator.safety.record import Unreadable, read_stack
from spec.diagnostics import Diagnostic, ordered
from spec.loader import Fleet, LoadedService

OUTPUT = "infra-out"
"""Where findings say that committed files lie."""


def unsafe_changes(fleet: Fleet, committed: Path, generated: Path) -> tuple[Diagnostic, ...]:
    """What would be lost by replacing the files below `committed` with those below `generated`.

    Both hold `<service>/<environment>/<stack>/…`. A service that is in `committed` and not in the fleet is one that is
    removed. Nothing is written.
    """
    services = {service.directory.name: service for service in fleet.services}
    findings: list[Diagnostic] = []
    for service in _folders(committed):
        for environment in _folders(committed / service):
            findings.extend(_environment(service, environment, services.get(service), committed, generated))
    return ordered(findings)


def _environment(
    service: str, environment: str, loaded: LoadedService | None, committed: Path, generated: Path
) -> Iterator[Diagnostic]:
    path, line, column, key = _place(service, environment, loaded)
    home = Path(service, environment)
    try:
        found = changes(_read(committed / home), _read(generated / home))
    except Unreadable as error:
        found = [
            Change("committed-unreadable", "", f"{OUTPUT}/{home.as_posix()}/{error}", "the file as it was generated", "restore it from version control")
        ]  # fmt: skip
    for change in found:
        at = f"{OUTPUT}/{home.as_posix()}" + (f"/{change.stack}" if change.stack else "")
        directory = loaded.directory.as_posix() if loaded else ""
        fixes = [f"write this into {directory}/terraform/{environment}/{change.stack}/{change.file}"] if change.file else []
        yield Diagnostic(
            severity="error",
            code=change.code,
            path=path,
            line=line,
            column=column,
            key=key,
            found=f"{at}: {change.found}",
            expected=change.expected,
            fix="; ".join([*fixes, *([change.fix] if change.fix else [])]),
            snippet=change.snippet,
        )


def _read(folder: Path) -> Environment:
    """The stacks of an environment."""
    found = {}
    for name in _folders(folder):
        files = {path.name: path.read_bytes() for path in sorted((folder / name).iterdir()) if path.is_file()}
        try:
            found[name] = read_stack(files)
        except Unreadable as error:
            raise Unreadable(f"{name}/{error}") from error
    return found


def _folders(path: Path) -> list[str]:
    return sorted(member.name for member in path.iterdir() if member.is_dir()) if path.is_dir() else []


def _place(service: str, environment: str, loaded: LoadedService | None) -> tuple[str, int, int, str]:
    """(path, line, column, key) of the environment in its spec; of the list of environments where it is gone from there."""
    if loaded is None:
        return f"{OUTPUT}/{service}/{environment}", 1, 1, ""
    ids = [one.id for one in loaded.spec.environments]
    keys = ("environments", ids.index(environment)) if environment in ids else ("environments",)
    position = loaded.position(keys)
    key = f"environments[{ids.index(environment)}]" if environment in ids else "environments"
    return loaded.path.as_posix(), position.line, position.column, key

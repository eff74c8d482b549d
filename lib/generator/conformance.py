"""What the conformance kit measured of a service: `services/<id>/conformance.json`, an input of the guide alone."""

from __future__ import annotations

from pathlib import Path

from spec import conformance
from spec.conformance import Conformance, ConformanceError
from spec.diagnostics import Diagnostic
from spec.loader import LoadedService


def read_conformance(root: Path, service: LoadedService) -> tuple[Conformance | None, tuple[Diagnostic, ...]]:
    """None where there is no such file, or one that the kit did not write; that is a diagnostic too."""
    path = service.directory / conformance.FILE
    try:
        return conformance.read(root / path), ()
    except ConformanceError as error:
        return None, (_invalid(path.as_posix(), service.directory.as_posix(), str(error)),)


def _invalid(path: str, directory: str, found: str) -> Diagnostic:
    return Diagnostic(
        severity="error",
        code="conformance-invalid",
        path=path,
        line=1,
        column=1,
        key="",
        found=found,
        expected="what the conformance kit wrote, unchanged",
        fix=f"delete it, then run {conformance.command(directory)}",
    )

"""Which modules of which provider packages the generator uses, read from the import lines of the seam.

The seam (`lib/generator/engine/*.py`) is the list: `from cdktf_cdktf_provider_google import project as project`
keeps the module `project`. The files are parsed, never imported, because importing them needs the result.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from generator.bindings.errors import BindingsError

PROVIDER_PREFIX = "cdktf_cdktf_provider_"
CORE_PACKAGES = ("constructs", "cdktf")
"""The packages that every provider package builds on; they are cut too, whether or not a seam line names them."""


@dataclass(frozen=True, order=True)
class SeamLine:
    """One module that one line of the seam asks for."""

    package: str
    module: str
    path: str
    line: int


def read_seam(folder: Path) -> tuple[SeamLine, ...]:
    """Every provider module that the Python files in `folder` import, sorted by package and module.

    Raises BindingsError when a file cannot be parsed or when no file names a provider module.
    """
    lines: list[SeamLine] = []
    for path in sorted(folder.glob("*.py")):
        if not path.name.endswith("_test.py"):
            lines.extend(_read_file(path))
    if not lines:
        raise BindingsError(f"{folder}: no import from a {PROVIDER_PREFIX}* package found; is this the seam's folder?")
    return tuple(sorted(lines))


def _read_file(path: Path) -> Iterable[SeamLine]:
    try:
        tree = ast.parse(path.read_bytes(), filename=str(path))
    except SyntaxError as error:
        raise BindingsError(f"{path}:{error.lineno}: the seam is not valid Python: {error.msg}") from error
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(PROVIDER_PREFIX):
            continue
        package, _, inner = (node.module or "").partition(".")
        for alias in node.names:
            module = inner.split(".")[0] if inner else alias.name
            yield SeamLine(package=package, module=module, path=str(path), line=alias.lineno)


def modules_by_package(lines: Iterable[SeamLine]) -> dict[str, tuple[str, ...]]:
    """Package name → its modules named by the seam, both sorted, without duplicates."""
    found: dict[str, set[str]] = {}
    for line in lines:
        found.setdefault(line.package, set()).add(line.module)
    return {package: tuple(sorted(found[package])) for package in sorted(found)}

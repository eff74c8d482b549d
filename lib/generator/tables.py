"""The columns of BigQuery tables: `services/<id>/bigquery/<table>.json`, one file for each table that the spec declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from spec.diagnostics import Diagnostic
from spec.loader import LoadedService
from spec.table_schema import read_schema

FOLDER = "bigquery"


@dataclass(frozen=True)
class Tables:
    """The tables of one service."""

    schemas: Mapping[str, str]
    """Table -> its columns as JSON, in one line."""
    diagnostics: tuple[Diagnostic, ...]


def read_tables(root: Path, service: LoadedService) -> Tables:
    """Read the files of every table that some environment declares, and name those that none does."""
    folder = service.directory / FOLDER
    schemas: dict[str, str] = {}
    findings: list[Diagnostic] = []
    declared: dict[str, Diagnostic] = {}
    for index, environment in enumerate(service.spec.environments):
        bigquery = environment.resources.bigquery
        for item, table in enumerate(bigquery.tables if bigquery is not None else ()):
            keys = ("environments", index, "resources", "bigquery", "tables", item)
            declared.setdefault(table, _missing(service, keys, table, (folder / f"{table}.json").as_posix()))
    for table, missing in declared.items():
        path = folder / f"{table}.json"
        if not (root / path).is_file():
            findings.append(missing)
            continue
        schema, problems = read_schema((root / path).read_bytes(), path.as_posix())
        findings.extend(problems)
        if schema is not None:
            schemas[table] = schema.text
    for found in sorted((root / folder).glob("*.json")):
        # An environment that another version of the generator makes may be the one that has it.
        if found.stem not in declared and not service.elsewhere:
            findings.append(_unused((folder / found.name).as_posix(), found.stem))
    return Tables(schemas, tuple(findings))


def _missing(service: LoadedService, keys: tuple[str | int, ...], table: str, path: str) -> Diagnostic:
    position = service.position(keys)
    return Diagnostic(
        severity="error",
        code="table-file-missing",
        path=service.path.as_posix(),
        line=position.line,
        column=position.column,
        key=service.key(keys),
        found=f"table `{table}` without columns",
        expected=f"its columns in {path}",
        fix=f"write that file, for example with `bq show --schema --format=prettyjson PROJECT:DATASET.{table}`",
    )


def _unused(path: str, table: str) -> Diagnostic:
    return Diagnostic(
        severity="error",
        code="table-file-unused",
        path=path,
        line=1,
        column=1,
        key="",
        found=f"columns of a table `{table}`",
        expected="a table that `resources.bigquery.tables` of some environment names",
        fix="add it there, or delete the file",
    )

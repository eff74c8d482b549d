"""Reads `bigquery/<table>.json` as strictly as a spec: every finding of the file at once, with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .check import check
from .diagnostics import Diagnostic
from .document import Mapping, describe
from .document.parse import parse_json
from .document.tree import START, Node, Position, Problem, find, locate
from .document.tree import Sequence as Items
from .findings import Finding, Keys, dotted
from .model.table_schema import RECORDS, Column, TableSchema
from .rules.base import known

MAX_DEPTH = 15
"""Records within records: https://cloud.google.com/bigquery/quotas#standard_tables"""

RESERVED_PREFIXES = ("_TABLE_", "_FILE_", "_PARTITION", "_ROW_TIMESTAMP", "__ROOT__", "_COLIDENTIFIER")
"""https://cloud.google.com/bigquery/docs/schemas#column_names"""

_ROOT = "columns"


@dataclass(frozen=True)
class Schema:
    """A valid file. `text` is its JSON on one line, the same for every way of laying it out."""

    text: str


def read_schema(content: bytes, path: str) -> tuple[Schema | None, tuple[Diagnostic, ...]]:
    """The schema, None where it has errors, and the diagnostics, in the file's order. Never raises for its content."""
    node, problems = parse_json(content)
    diagnostics = [_of_problem(problem, path) for problem in problems]
    if node is None or (problems and not isinstance(node, Items)):
        return None, tuple(diagnostics)
    if not isinstance(node, Items):
        found = Problem(node.position, "not-a-list", describe(node), "a list of columns", "begin with [ and end with ]")
        return None, (_of_problem(found, path),)
    root = Mapping(START, {_ROOT: node}, {_ROOT: START})
    checked = check(TableSchema, root)
    findings = [*checked.findings, *(_rules(checked.value.columns, (_ROOT,), 1) if checked.is_whole else ())]
    diagnostics += [_of_finding(finding, root, path) for finding in findings]
    diagnostics.sort(key=lambda found: (found.line, found.column))
    return (None if diagnostics else Schema(_text(json.loads(content)))), tuple(diagnostics)


def _text(columns: Any) -> str:
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":"))


def _rules(columns: Sequence[Column], keys: Keys, depth: int) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, column in known(columns):
        here = (*keys, index)
        if column.name.lower() in seen:
            yield Finding(
                (*here, "name"), "duplicate-value", "each name once, whatever its capitals", "rename it, or delete one"
            )
        seen.add(column.name.lower())
        if column.name.upper().startswith(RESERVED_PREFIXES):
            yield Finding(
                (*here, "name"), "reserved-column", f"a name without BigQuery's own {', '.join(RESERVED_PREFIXES)}",
                "choose another",
            )  # fmt: skip
        yield from _record(column, here, depth)


def _record(column: Column, here: Keys, depth: int) -> Iterator[Finding]:
    """Records have fields, and nothing else has."""
    if column.type in RECORDS and not column.fields:
        yield Finding(
            (*here, "type"), "record-without-fields", "`fields` in a record", "add them, or choose another type"
        )
    elif column.type not in RECORDS and column.fields:
        yield Finding(
            (*here, "fields"), "without-effect", f"no fields in a {column.type}", "write RECORD, or delete them",
            on_key=True,
        )  # fmt: skip
    elif column.fields and depth == MAX_DEPTH:
        yield Finding((*here, "fields"), "too-deep", f"at most {MAX_DEPTH} levels of records", "flatten the innermost")
    else:
        yield from _rules(column.fields, (*here, "fields"), depth + 1)


def _of_finding(finding: Finding, root: Mapping, path: str) -> Diagnostic:
    node: Node | None = find(root, finding.keys)
    position = locate(root, finding.keys, on_key=finding.on_key)
    found = finding.found or (describe(node) if node is not None else "nothing")
    return _diagnostic(path, position, finding.code, finding.keys, found, finding.expected, finding.fix)


def _of_problem(problem: Problem, path: str) -> Diagnostic:
    keys: Keys = (_ROOT, *problem.keys) if problem.keys else ()
    return _diagnostic(path, problem.position, problem.code, keys, problem.found, problem.expected, problem.fix)


def _diagnostic(
    path: str, position: Position, code: str, keys: Keys, found: str, expected: str, fix: str
) -> Diagnostic:
    return Diagnostic(
        severity="error",
        code=code,
        path=path,
        line=position.line,
        column=position.column,
        key=dotted(keys),
        found=found,
        expected=expected,
        fix=fix,
    )

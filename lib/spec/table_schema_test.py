"""Files with the columns of BigQuery tables: what is read, and everything that is refused, with its place."""

from __future__ import annotations

import json

import pytest

from spec.codes import CODES, TABLE_CODES
from spec.table_schema import read_schema

PATH = "services/thing/bigquery/events.json"


def findings(text: str) -> list[str]:
    schema, diagnostics = read_schema(text.encode(), PATH)
    assert (schema is None) == bool(diagnostics)
    assert {found.code for found in diagnostics} <= set(CODES)
    return [f"{found.line}:{found.column} {found.code} {found.key}: {found.found}; {found.fix}" for found in diagnostics]


def test_what_bq_prints_is_read_whatever_its_layout() -> None:
    columns = [
        {"name": "id", "type": "STRING", "mode": "REQUIRED", "description": "é \"quoted\" ${x} 🚀 \\ud83d"},
        {"name": "at", "type": "TIMESTAMP", "defaultValueExpression": "CURRENT_TIMESTAMP()"},
        {"name": "amount", "type": "NUMERIC", "precision": "10", "scale": "2"},
        {"name": "email", "type": "STRING", "maxLength": "320",
         "policyTags": {"names": ["projects/p/locations/eu/taxonomies/1/policyTags/2"]}},
        {"name": "tags", "type": "RECORD", "mode": "REPEATED", "fields": [{"name": "key", "type": "STRING"}]},
    ]  # fmt: skip
    wide, _ = read_schema(json.dumps(columns, indent=4).encode(), PATH)
    narrow, _ = read_schema(json.dumps(columns, separators=(",", ":"), ensure_ascii=False).encode(), PATH)
    assert wide is not None and wide == narrow
    assert json.loads(wide.text) == columns and "\n" not in wide.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[", ["1:2 invalid-json : expecting value; mend the syntax at this place"]),
        ('[{"name": "a"},]', ["1:16 invalid-json : expecting value; mend the syntax at this place"]),
        ("", ["1:1 invalid-json : expecting value; mend the syntax at this place"]),
        ('{"schema": []}', ["1:1 not-a-list : a mapping with schema; begin with [ and end with ]"]),
        ("[]", ["1:1 too-few columns: an empty list; add the first item"]),
        ('[{"type": "STRING"}]', ["1:2 missing-key columns[0].name: no `name`; add `name:` under `columns[0]`"]),
        ('[{"name": "a", "type": "TEXT"}]', ['1:24 unknown-value columns[0].type: "TEXT"; write ']),
        ('[\n {"name": "a b", "type": "STRING"}\n]', ['2:11 invalid-value columns[0].name: "a b"; ']),
        ('[{"name": "a", "typ": "STRING"}]', ["1:2 missing-key", "1:16 unknown-key columns[0].typ: "]),
        ('[{"name": "a", "name": "b", "type": "DATE"}]', ["1:16 duplicate-key columns[0].name: "]),
        ('[{"name": "a", "type": "DATE", "mode": null}]', ["1:40 empty-value columns[0].mode: nothing (`null`); "]),
        ('[{"name": "a", "type": "DATE"}, {"name": "A", "type": "DATE"}]', ["1:42 duplicate-value columns[1].name"]),
        ('[{"name": "_PARTITION_x", "type": "DATE"}]', ["1:11 reserved-column columns[0].name"]),
        ('[{"name": "a", "type": "RECORD"}]', ["1:24 record-without-fields columns[0].type"]),
        (
            '[{"name": "a", "type": "DATE", "fields": [{"name": "b", "type": "DATE"}]}]',
            ["1:32 without-effect columns[0].fields"],
        ),
        (
            '[{"name": "a", "type": "STRUCT", "fields": [{"name": "b", "type": "DATES"}]}]',
            ['1:67 unknown-value columns[0].fields[0].type: "DATES"; write DATE'],
        ),
        ('[{"name": "a", "type": "STRING", "maxLength": 5}]', ["1:47 wrong-type columns[0].maxLength: `5`; put it in"]),
        ('[\n\t{"name": "a", "type": "DATE"}\n]', []),
        ('[{"name": "\\ud83d\\ude80", "nam": 1}]', ["1:2 missing-key", "1:11 invalid-value", "1:27 unknown-key"]),
        ('[{"name": "a", "description": "\\ud83d"}]', ["1:34 invalid-yaml : invalid Unicode character escape code"]),
        ("[" * 3000, ["1:1 too-deep"]),
    ],
)  # fmt: skip
def test_everything_that_is_wrong_is_said(text: str, expected: list[str]) -> None:
    found = findings(text)
    assert len(found) == len(expected), found
    assert all(said.startswith(start) for said, start in zip(found, expected, strict=True)), found


def test_records_nest_as_deeply_as_bigquery_lets_them() -> None:
    def nested(depth: int) -> str:
        column = '{"name": "a", "type": "DATE"}'
        for _ in range(depth - 1):
            column = f'{{"name": "a", "type": "RECORD", "fields": [{column}]}}'
        return f"[{column}]"

    assert findings(nested(8)) == []
    (found,) = findings(nested(40))
    assert " too-deep " in found


def test_codes_of_tables_are_their_own() -> None:
    assert all(meaning.endswith(".") for meaning in TABLE_CODES.values())

"""Rows against columns: what fits, what does not, and how values travel."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from runtime.bigquery.schema import FITS, Column, problems, read_columns, to_json

MOMENT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

FITTING = [
    ("STRING", "x"), ("STRING", UUID(int=1)), ("BYTES", b"x"), ("INT64", 1), ("INTEGER", -(2**63)), ("FLOAT64", 1),
    ("FLOAT", 1.5), ("NUMERIC", Decimal("1.1")), ("BOOL", True), ("TIMESTAMP", MOMENT), ("TIMESTAMP", "2026-01-01 00:00:00Z"),
    ("DATE", date(2026, 1, 1)), ("TIME", time(1, 2)), ("DATETIME", MOMENT.replace(tzinfo=None)), ("JSON", {"a": [1]}),
    ("GEOGRAPHY", "POINT(1 2)"),
]  # fmt: skip

UNFITTING = [
    ("STRING", 1, "int"), ("BYTES", "x", "str"), ("INT64", True, "bool"), ("INT64", 2**63, "int"), ("INT64", "1", "str"),
    ("FLOAT64", "x", "str"), ("NUMERIC", float("nan"), "float"), ("BOOL", 1, "int"),
    ("TIMESTAMP", MOMENT.replace(tzinfo=None), "datetime"), ("DATETIME", MOMENT, "datetime"), ("DATE", MOMENT, "datetime"),
    ("TIME", MOMENT, "datetime"),
]  # fmt: skip


@pytest.mark.parametrize(("type", "value"), FITTING)
def test_what_fits(type: str, value: Any) -> None:
    assert list(problems({"c": value}, (Column("c", type),))) == []
    json.dumps(to_json({"c": value}, (Column("c", type),)))


@pytest.mark.parametrize(("type", "value", "found"), UNFITTING)
def test_what_does_not_fit(type: str, value: Any, found: str) -> None:
    assert list(problems({"c": value}, (Column("c", type),))) == [f"c: found {found}; expected {type}"]


def test_everything_wrong_is_named_at_once_by_place() -> None:
    columns = read_columns(
        json.dumps(
            [
                {"name": "id", "type": "INT64", "mode": "REQUIRED"},
                {"name": "at", "type": "TIMESTAMP", "mode": "REQUIRED", "defaultValueExpression": "CURRENT_TIMESTAMP()"},
                {"name": "tags", "type": "STRING", "mode": "REPEATED"},
                {"name": "who", "type": "RECORD", "fields": [{"name": "mail", "type": "STRING", "mode": "REQUIRED"}]},
                {"name": "many", "type": "STRUCT", "mode": "REPEATED", "fields": [{"name": "n", "type": "INT64"}]},
            ]
        )
    )
    row = {"tags": ["a", None, 1], "who": {"mial": "x"}, "many": [{"n": 1}, {"n": "1"}, 3], "extra": 1}
    assert list(problems(row, columns)) == [
        "extra: no such column; expected one of id, at, tags, who, many",
        "id: found nothing; expected INT64, which is required",
        "tags[1]: found nothing; expected STRING",
        "tags[2]: found int; expected STRING",
        "who.mial: no such column; expected one of mail",
        "who.mail: found nothing; expected STRING, which is required",
        "many[1].n: found str; expected INT64",
        "many[2]: found int; expected a mapping",
    ]
    assert list(problems({"ID": 1, "tags": "abc"}, columns)) == ["tags: found str; expected a list of STRING"]


def test_values_travel_without_loss() -> None:
    row = {
        "big": 2**53, "small": 7, "bytes": b"\xff", "money": Decimal("0.10"), "at": MOMENT, "nan": float("nan"),
        "record": {"day": date(2026, 1, 2), "list": [time(3, 4)]}, "none": None, "json": {"a": 1},
    }  # fmt: skip
    assert to_json(row, (Column("json", "JSON"),)) == {
        "big": "9007199254740992", "small": 7, "bytes": "/w==", "money": "0.10", "at": "2026-11-23T12:00:00+00:00",
        "nan": "nan", "record": {"day": "2026-01-02", "list": ["03:04:00"]}, "none": None, "json": '{"a": 1}',
    }  # fmt: skip


def test_every_type_of_the_spec_is_known() -> None:
    from typing import get_args

    from spec.model.table_schema import ColumnType

    anything = {"INTERVAL", "GEOGRAPHY", "JSON"}
    assert set(get_args(ColumnType)) == {*FITS, *anything, "RECORD", "STRUCT"}


def test_a_file_that_is_no_schema() -> None:
    with pytest.raises(ValueError, match="a column without name and type"):
        read_columns('[{"name": "x"}]')

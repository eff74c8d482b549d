"""Rows against their table's columns, as `services/<id>/bigquery/<table>.json` has them.

Found out here, a wrong row is an error of whoever wrote it. Found out by BigQuery, it is a log line seconds later.
Types: https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#TableFieldSchema
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    mode: str = "NULLABLE"
    fields: tuple[Column, ...] = ()
    has_default: bool = False


def read_columns(text: str) -> tuple[Column, ...]:
    """The columns of a schema file, which the spec's own check has found valid. ValueError where it is none."""
    return tuple(_column(each) for each in json.loads(text))


def _column(raw: Mapping[str, Any]) -> Column:
    try:
        return Column(
            raw["name"], raw["type"], raw.get("mode", "NULLABLE"), tuple(_column(each) for each in raw.get("fields", ())),
            raw.get("defaultValueExpression") is not None,
        )  # fmt: skip
    except (KeyError, TypeError):
        raise ValueError("a column without name and type") from None


def problems(row: Mapping[str, Any], columns: Sequence[Column], above: str = "") -> Iterator[str]:
    """Everything that is wrong with a row: by column, without its values."""
    # BigQuery's names have no case.
    by_name = {column.name.lower(): column for column in columns}
    given = {str(name).lower(): value for name, value in row.items()}
    for name in row:
        if str(name).lower() not in by_name:
            yield f"{above}{name}: no such column; expected one of {', '.join(column.name for column in columns)}"
    for column in columns:
        value = given.get(column.name.lower())
        where = f"{above}{column.name}"
        if value is None:
            if column.mode == "REQUIRED" and not (column.has_default and column.name.lower() not in given):
                yield f"{where}: found nothing; expected {column.type}, which is required"
        elif column.mode == "REPEATED":
            yield from _repeated(value, column, where)
        else:
            yield from _one(value, column, where)


def _repeated(value: Any, column: Column, where: str) -> Iterator[str]:
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes)):
        yield f"{where}: found {type(value).__name__}; expected a list of {column.type}"
        return
    for index, item in enumerate(value):
        if item is None:
            yield f"{where}[{index}]: found nothing; expected {column.type}"
        else:
            yield from _one(item, column, f"{where}[{index}]")


def _one(value: Any, column: Column, where: str) -> Iterator[str]:
    if column.type in ("RECORD", "STRUCT"):
        if isinstance(value, Mapping):
            yield from problems(value, column.fields, f"{where}.")
        else:
            yield f"{where}: found {type(value).__name__}; expected a mapping"
        return
    fits = FITS.get(column.type)
    if fits is not None and not fits(value):
        yield f"{where}: found {type(value).__name__}; expected {column.type}"


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def _is_number(value: Any) -> bool:
    return _is_integer(value) or isinstance(value, (float, Decimal))


def _is_text_or(*types: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, (str, *types))


FITS: Mapping[str, Callable[[Any], bool]] = {
    "STRING": _is_text_or(UUID),
    "BYTES": lambda value: isinstance(value, bytes),
    "INTEGER": _is_integer,
    "INT64": _is_integer,
    "FLOAT": _is_number,
    "FLOAT64": _is_number,
    "NUMERIC": lambda value: _is_number(value) and Decimal(str(value)).is_finite(),
    "BIGNUMERIC": lambda value: _is_number(value) and Decimal(str(value)).is_finite(),
    "BOOLEAN": lambda value: isinstance(value, bool),
    "BOOL": lambda value: isinstance(value, bool),
    # Without a time zone nobody knows which moment is meant.
    "TIMESTAMP": lambda value: isinstance(value, str) or (isinstance(value, datetime) and value.tzinfo is not None),
    "DATETIME": lambda value: isinstance(value, str) or (isinstance(value, datetime) and value.tzinfo is None),
    "DATE": lambda value: isinstance(value, str) or (isinstance(value, date) and not isinstance(value, datetime)),
    "TIME": _is_text_or(time),
}
"""What Python values a type takes. INTERVAL, GEOGRAPHY and JSON take whatever can be JSON."""


def to_json(row: Mapping[str, Any], columns: Sequence[Column] = ()) -> dict[str, Any]:
    """The row as JSON values, as BigQuery reads them. TypeError for a value that has no such form."""
    json_columns = {column.name.lower() for column in columns if column.type == "JSON"}
    return {
        # BigQuery wants the text of a JSON column's value.
        name: json.dumps(_value(value)) if name.lower() in json_columns and value is not None else _value(value)
        for name, value in row.items()
    }


def _value(value: Any) -> Any:
    match value:
        case None | bool() | str():
            return value
        case int():
            # Numbers of JSON are floats to many a reader: above 2^53 they lose digits.
            return value if abs(value) < 2**53 else str(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case bytes():
            return base64.b64encode(value).decode()
        case datetime():
            return value.isoformat(sep="T")
        case date() | time():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case Mapping():
            return {str(name): _value(item) for name, item in value.items()}
        case Sequence():
            return [_value(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no form in BigQuery")

"""`bigquery/<table>.json`: the columns of a BigQuery table, as `bq show --schema` prints them.

Source: https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#TableFieldSchema
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from .base import Expect, Section, key

ColumnName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=300),
    Expect("at most 300 letters, digits and underscores, not starting with a digit"),
]

Digits = Annotated[
    str, StringConstraints(pattern=r"^[1-9][0-9]{0,17}$"), Expect('a whole number in quotes, such as "10"')
]

PolicyTag = Annotated[
    str,
    StringConstraints(pattern=r"^projects/[^/]+/locations/[^/]+/taxonomies/[^/]+/policyTags/[^/]+$"),
    Expect("projects/<project>/locations/<location>/taxonomies/<id>/policyTags/<id>"),
]

ColumnType = Literal[
    "STRING", "BYTES", "INTEGER", "INT64", "FLOAT", "FLOAT64", "NUMERIC", "BIGNUMERIC", "BOOLEAN", "BOOL",
    "TIMESTAMP", "DATE", "TIME", "DATETIME", "INTERVAL", "GEOGRAPHY", "JSON", "RECORD", "STRUCT",
]  # fmt: skip

RECORDS = ("RECORD", "STRUCT")


class PolicyTags(Section):
    """Who may read a column."""

    names: tuple[PolicyTag, ...] = key("The one policy tag of the column.", min_length=1, max_length=1)


class Column(Section):
    """A column, or a field of a record."""

    name: ColumnName = key("The column's name.")
    type: ColumnType = key("What it holds.")
    mode: Literal["NULLABLE", "REQUIRED", "REPEATED"] = key("Whether it may be empty, or is a list.", default="NULLABLE")
    description: Annotated[
        str, StringConstraints(max_length=1024), Expect("at most 1024 characters of text")
    ] | None = key("What it means.", default=None)
    fields: tuple[Column, ...] = key("The fields of a record.", default=())
    max_length: Digits | None = key("Longest STRING or BYTES.", default=None)
    precision: Digits | None = key("Digits of a NUMERIC or BIGNUMERIC.", default=None)
    scale: Digits | None = key("Of these, after the decimal point.", default=None)
    default_value_expression: str | None = key("SQL of its default.", default=None)
    policy_tags: PolicyTags | None = key("Who may read it.", default=None)


Column.model_rebuild()


class TableSchema(Section):
    """The file: a list of columns. It stands under this key so that it is checked like a spec."""

    columns: tuple[Column, ...] = key("The columns.", min_length=1, max_length=10000)

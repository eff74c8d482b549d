from __future__ import annotations

import json

import pytest

from generator.engine.errors import Unsupported
from generator.engine.native.numbers import js_number, js_text, parse_float


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (2.0, "2"),
        (-0.0, "0"),
        (2.5, "2.5"),
        (2**53, "9007199254740992"),
        (2**53 + 1, "9007199254740992"),
        (2**60 + 1, "1152921504606847000"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (10**25, "1e+25"),
        (1e-07, "1e-07"),
    ],
)
def test_numbers_are_what_a_reader_of_nodes_json_finds(value: float, written: str) -> None:
    assert json.dumps(js_number(value)) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("text", "text"),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (7.0, "7"),
        (0.000001, "0.000001"),
        (1e-7, "1e-7"),
        (1.5e-10, "1.5e-10"),
        (1e21, "1e+21"),
        (1.25e300, "1.25e+300"),
        (123456789.125, "123456789.125"),
    ],
)
def test_values_inside_strings_are_written_as_javascript_does(value: object, written: str) -> None:
    assert js_text(value) == written


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_cannot_hold_is_refused(value: float) -> None:
    with pytest.raises(Unsupported):
        js_number(value)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.5e+300x", 1.5e300), ("-8.1e+2", -810.0), ("--8e+2", None), ("+.5e1", 5.0), ("1e", 1.0), ("", None)],
)
def test_a_number_is_read_from_the_start_of_a_text(text: str, number: float | None) -> None:
    assert parse_float(text) == number

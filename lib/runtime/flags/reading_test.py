"""Files of flags: what is read, and everything that is refused, with its line."""

from __future__ import annotations

import re
from datetime import date

import pytest

from runtime.contract import ConfigurationError
from runtime.flags import FlagsFileError, read_flags, reading
from runtime.flags.conftest import FLAGS, WriteFlags
from runtime.flags.definitions import Rule


def test_a_file_is_read(flags_file: WriteFlags) -> None:
    flags = read_flags(flags_file(FLAGS))
    assert list(flags) == ["new_checkout", "button", "limit", "texts"]
    checkout = flags["new_checkout"]
    assert (checkout.default, checkout.owner, checkout.expires) == ("off", "payments", date(2026, 3, 31))
    assert checkout.variants == {"on": True, "off": False}
    assert checkout.rules == (
        Rule(actors=frozenset({"user:1"}), serve="on"),
        Rule(where={"plan": ["pro", "team"], "beta": [True]}, percent=20, serve="on"),
    )
    assert flags["button"].rules == (Rule(split={"plain": 30, "loud": 70}),)
    assert flags["texts"].variants["long"] == {"title": "Good day"}


def test_the_example_of_the_documentation_is_right(flags_file: WriteFlags) -> None:
    assert reading.__doc__ is not None
    example = reading.__doc__.split("\n\n", 1)[1].rsplit("\n\n", 1)[0]
    text = "\n".join(line.removeprefix("    ") for line in example.splitlines())
    assert set(read_flags(flags_file(text))) == {"new_checkout", "button"}


WRONG = """\
stray = 1

[Checkout]
type = "boolean"
default = "maybe"
description = ""
owner = "payments"
expires = "2026-03-31"
varaints = {}

[colour]
type = "text"

[button]
type = "string"
variants = {plain = 1}
default = "loud"
description = "x"

[[button.rules]]
serve = "plain"

[[button.rules]]
actors = []
percent = 120
serve = "louder"
split = {plain = 50, purple = 40}
"""

FINDINGS = """\
1: stray: found 1; expected a table: [stray]
3: Checkout: found 'Checkout'; expected small letters and digits, with underscores or dashes between
5: Checkout.default: found 'maybe'; expected true or false
6: Checkout.description: found ''; expected some words
8: Checkout.expires: found '2026-03-31'; expected a date without quotes: 2027-03-31
9: Checkout.varaints: found no such key; expected variants
12: colour.type: found 'text'; expected one of boolean, string, number, object
14: button.owner: found nothing; expected the team that answers for it
16: button.variants.plain: found 1; expected a string
17: button.default: found 'loud'; expected one of plain
20: button.rules.0: found no condition; expected actors, where or percent; what everybody gets is `default`
23: button.rules.1: found both; expected either serve or split: what the rule gives
24: button.rules.1.actors: found a list; expected ids: ["user:1"]
25: button.rules.1.percent: found 120; expected a number from 0 to 100
26: button.rules.1.serve: found 'louder'; expected one of plain
27: button.rules.1.split: found a sum of 90; expected percents that make 100
27: button.rules.1.split.purple: found 'purple'; expected one of plain
"""


def test_everything_that_is_wrong_is_said_at_once_with_its_line(flags_file: WriteFlags) -> None:
    with pytest.raises(FlagsFileError) as caught:
        read_flags(flags_file(WRONG))
    assert isinstance(caught.value, ConfigurationError)
    said = str(caught.value).splitlines()
    assert said[0] == "17 problems with the flags:"
    found = [line.removeprefix("  flags.toml:") for line in said[1:]]
    lines = [int(text.split(":")[0]) for text in found]
    assert sorted(found) == sorted(FINDINGS.splitlines())
    assert lines == sorted(lines)


@pytest.mark.parametrize(("text", "where"), [("[a\n", 1), ("[a]\nx = \n", 2), ("[a]\n[a]\n", 2), ('x = """\n\n', 3)])
def test_what_is_no_toml_is_said_with_its_line(flags_file: WriteFlags, text: str, where: int) -> None:
    with pytest.raises(FlagsFileError) as caught:
        read_flags(flags_file(text))
    assert re.search(rf"^  flags.toml:{where}: the file: found .+; expected TOML$", str(caught.value), re.MULTILINE)

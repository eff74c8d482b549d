"""A service's own settings: types, defaults, and errors all at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from runtime import env
from runtime.contract import Reader, Secret


@dataclass(frozen=True)
class Config:
    level: str = env.choice("LEVEL", ("low", "high"), default="low", help="How much.")
    name: str = env.str("NAME", help="Who.")
    count: int = env.int("COUNT", default=3, minimum=1, maximum=9, help="How many.")
    on: bool = env.bool("ON", default=False, help="Whether.")
    share: float = env.percent("SHARE", default=0.5, help="What share.")
    wait: timedelta = env.duration("WAIT", default=timedelta(seconds=2), help="How long.")
    factor: float | None = env.float("FACTOR", default=None, help="By how much.")
    home: str | None = env.url("HOME_URL", default=None, help="Where.")
    key: Secret = env.secret("KEY", help="With what.")
    computed: int = 7


def load(**values: str) -> tuple[Config | None, Reader]:
    reader = Reader(values)
    return env.load(Config, reader), reader


def test_defaults_and_what_is_required() -> None:
    config, reader = load(NAME="ada", KEY="hush")
    assert config == Config(name="ada", key=Secret("hush"))
    assert config.wait == timedelta(seconds=2) and config.factor is None and config.computed == 7
    assert not reader.problems


def test_every_type_is_parsed() -> None:
    config, _ = load(
        NAME="ada", KEY="hush", LEVEL="high", COUNT="9", ON="yes", SHARE="12.5%", WAIT="1h30m", FACTOR="0.25",
        HOME_URL="https://acme.example/x",
    )  # fmt: skip
    assert config == Config(
        name="ada", key=Secret("hush"), level="high", count=9, on=True, share=0.125, wait=timedelta(minutes=90),
        factor=0.25, home="https://acme.example/x",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("LEVEL", "medium", "low or high"),
        ("COUNT", "10", "a whole number from 1 to 9"),
        ("COUNT", "0", "a whole number from 1 to 9"),
        ("COUNT", "many", "a whole number from 1 to 9"),
        ("ON", "maybe", "true or false"),
        ("SHARE", "101%", "a share such as 12.5%"),
        ("SHARE", "0.5", "a share such as 12.5%"),
        ("WAIT", "2 hours", "a duration such as 1h30m or 250ms"),
        ("WAIT", "5", "a duration such as 1h30m or 250ms"),
        ("FACTOR", "nan", "a number"),
        ("HOME_URL", "acme.example", "https://… or http://…"),
        ("HOME_URL", "ftp://acme.example", "https://… or http://…"),
    ],
)
def test_what_is_wrong_is_said_with_what_was_found_and_expected(name: str, text: str, expected: str) -> None:
    config, reader = load(**{"NAME": "ada", "KEY": "hush", name: text})
    assert config is None
    assert [(problem.name, problem.found, problem.expected) for problem in reader.problems] == [
        (name, repr(text), expected)
    ]


def test_all_errors_at_once_and_an_empty_value_is_none() -> None:
    config, reader = load(NAME="", COUNT="x", ON="x")
    assert config is None
    assert [problem.name for problem in reader.problems] == ["NAME", "COUNT", "ON", "KEY"]


def test_a_secret_never_shows() -> None:
    config, _ = load(NAME="ada", KEY="hush")
    assert config is not None
    assert "hush" not in f"{config} {config.key} {config.key!r} {[config.key]}"
    assert config.key.reveal() == "hush"


def test_a_field_without_a_variable_is_a_mistake_in_the_service() -> None:
    @dataclass(frozen=True)
    class Wrong:
        lost: str

    with pytest.raises(TypeError, match="Wrong.lost says no variable"):
        env.load(Wrong, Reader({}))

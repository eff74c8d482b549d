"""What an event may hold."""

from __future__ import annotations

import math
from typing import Any

import pytest

from runtime.contract import Secret
from runtime.events.errors import InvalidEventError
from runtime.events.event import Uuid7
from runtime.events.validation import MAX_TEXT, valid_properties


def checked(properties: dict[Any, Any], name: str = "a.b", actor: str | None = None) -> tuple[dict[str, Any], list[Any]]:
    redacted: list[Any] = []
    return valid_properties(name, properties, actor, lambda *found: redacted.append(found)), redacted


def test_what_json_holds_is_kept_as_it_is() -> None:
    properties = {"plan": "free", "n": 1, "share": 0.5, "new": True, "gone": None, "tags": ["a", "ü"], "by": {"day": 2}}
    assert checked(properties) == (properties, [])


@pytest.mark.parametrize("name", ["", "User", "a b", "a.", ".a", "a..b", "a-b", "x" * 101, "1a"])
def test_names_are_ones_that_can_be_queried(name: str) -> None:
    with pytest.raises(InvalidEventError, match="the name is none"):
        checked({}, name)


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"Plan": 1}, "property 'Plan': expected small letters"),
        ({"password": "x"}, "by its name it is a secret"),
        ({"by": {"session_token": "x"}}, "property by.session_token: by its name it is a secret"),
        ({"api_key": "x"}, "by its name it is a secret"),
        ({"key": Secret("hunter2")}, "found a Secret"),
        ({"n": math.nan}, "found nan; expected a number that JSON has"),
        ({"at": object()}, "found object"),
        ({"raw": b"x"}, "found bytes"),
        ({"a": [[[1]]]}, "at most 3 levels"),
        ({"a": list(range(101))}, "found 101 items"),
        ({f"p{n}": 1 for n in range(51)}, "found 51 properties"),
        ({f"p{n}": "x" * 1000 for n in range(9)}, "bytes of properties; expected at most 8192"),
    ],
)
def test_what_has_no_place_in_an_event_is_refused_without_its_value(properties: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidEventError) as caught:
        checked(properties)
    assert reason in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidEventError) as caught:
        checked({"A": 1, "token": "x", "when": object()}, "No", actor="a@b.example")
    assert len(caught.value.reasons) == 5


@pytest.mark.parametrize("name", ["prompt_tokens", "token_count", "feature_key", "secretary", "keyboard"])
def test_names_that_only_sound_like_secrets_are_fine(name: str) -> None:
    assert checked({name: 1}) == ({name: 1}, [])


@pytest.mark.parametrize(
    "text",
    [
        "Bearer abcdefghijklmnop.qrst",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "see https://joe:pass@host/",
        "ya29.a0AfH6SMBx",
        "sk-proj-abcdefghijklmnop",
        "-----BEGIN RSA PRIVATE KEY-----",
    ],
)
def test_texts_that_look_like_secrets_are_replaced_and_told_of(text: str) -> None:
    assert checked({"note": f"it was {text}"}) == ({"note": "[secret]"}, [("note", "secret")])


def test_addresses_are_replaced_and_long_texts_cut() -> None:
    found, redacted = checked({"note": "from joe@mail.example to us", "deep": [{"text": "x" * 2000}], "bad": "\0\ud800"})
    assert found["note"] == "from [e-mail] to us"
    assert len(found["deep"][0]["text"]) == MAX_TEXT
    assert found["bad"] == "\N{REPLACEMENT CHARACTER}?"
    assert redacted == [("note", "e-mail"), ("deep[0].text", "long")]


def test_ids_have_their_time_in_front_and_sort_as_they_were_made() -> None:
    ids = Uuid7(now=lambda: 1_700_000_000.123, random_bits=lambda bits: (1 << bits) - 1)
    first, second = ids(), ids()
    assert (first.version, first.variant) == (7, "specified in RFC 4122")
    assert first.int >> 80 == 1_700_000_000_123
    assert first < second

from __future__ import annotations

import base64

import pytest

from accounts.errors import InvalidError
from accounts.organizations import SLUG, slug_of
from accounts.rows import Window, clean, containing, required
from accounts.sessions import device_of


@pytest.mark.parametrize(
    "text", ["", "x", "é", "%%%", "a" * 2000, base64.urlsafe_b64encode(b"now|me").decode(), "AA\x00"]
)
def test_a_cursor_that_is_none_is_refused(text: str) -> None:
    for key in (Window(cursor=text).after_row, Window(cursor=text).after_number):
        with pytest.raises(InvalidError):
            key()


def test_a_cursor_leads_to_the_entry_after_the_last_one() -> None:
    page = Window(2).page([9, 8, 7], str)
    assert (page.items, Window(2, page.next).after_number()) == ([9, 8], {"limit": 3, "id": 8})
    assert Window(3).page([9, 8, 7], str).next is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Kim \t Lee\n", "Kim Lee"),
        ("a\x00b\x07c", "a b c"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("\ud800x", "x"),
        ("Zoë 王", "Zoë 王"),
        ("12345678901", "1234567890"),
    ],
)
def test_names_are_one_line_of_what_people_see(text: str, expected: str) -> None:
    assert clean(text, 10) == expected


def test_what_is_missing_or_too_long_is_said_with_its_field() -> None:
    for text, problem in ((" \x00 ", "must not be empty"), ("12345678901", "at most 10 characters")):
        with pytest.raises(InvalidError) as raised:
            required(text, "name", 10)
        assert raised.value.fields == {"name": problem}


def test_what_is_searched_for_is_taken_literally() -> None:
    assert containing(r"50%_a\b") == r"%50\%\_a\\b%"


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Café Zoë", "cafe-zoe"), ("  A & B!  ", "a-b"), ("x" * 60, "x" * 40), ("a" * 39 + " b", "a" * 39)],
)
def test_names_become_short_names(name: str, slug: str) -> None:
    assert slug_of(name) == slug
    assert SLUG.fullmatch(slug)


def test_names_without_letters_become_none() -> None:
    assert not SLUG.fullmatch(slug_of("王"))


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/139.0 Safari/537.36 Edg/139.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605 Version/18 Safari/604", "Safari on iOS"),
        ("<script>", "A program"),
    ],
)
def test_devices_are_called_as_people_call_them(agent: str, device: str) -> None:
    assert device_of(agent) == device

"""Reading YAML strictly: places, refusals, and two parsers that must agree."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from spec.document import Mapping, Misread, Problem, Scalar, data_of, parse
from spec.document.parse import MAX_DEPTH, MAX_PROBLEMS
from spec.document.text import MAX_BYTES
from spec.document.tree import describe, find, locate

TESTDATA = Path(__file__).parent.parent / "testdata"
FILES = sorted(TESTDATA.rglob("*.yaml"))


def tree(text: str) -> Mapping:
    root, problems = parse(text.encode())
    assert problems == []
    assert root is not None
    return root


def problem(content: str | bytes) -> Problem:
    """The only problem of the text."""
    _, problems = parse(content.encode() if isinstance(content, str) else content)
    (only,) = problems
    return only


def test_places() -> None:
    root = tree("a: 1\nb:\n  c: [x,\n    y]\n  é😀: {d: 'z'}\n")

    def at(*keys: str | int, on_key: bool = False) -> tuple[int, int]:
        position = locate(root, keys, on_key=on_key)
        return position.line, position.column

    assert at("a") == (1, 4)
    assert at("a", on_key=True) == (1, 1)
    assert at("b") == (2, 1), "a mapping is pointed at by its key"
    assert at("b", "c", 1) == (4, 5)
    assert at("b", "é😀", "d") == (5, 11), "columns are characters, not bytes"
    assert at("b", "missing") == (2, 1), "what is absent is pointed at by the mapping it belongs to"
    assert at("b", "c", 7, "deeper") == (3, 3)
    assert at() == (1, 1)


def test_data() -> None:
    text = "text: word\nnumber: 7\nfloat: 1.5\nyes: true\nquoted: '7'\nlist: [a, 2]\nblock: |\n  a\n  b\n"
    assert data_of(tree(text.replace("yes", "truth"))) == {
        "text": "word",
        "number": 7,
        "float": 1.5,
        "truth": True,
        "quoted": "7",
        "list": ("a", 2),
        "block": "a\nb\n",
    }


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("no", "the boolean false"),
        ("On", "the boolean true"),
        ("010", "the number 8 (in base 8)"),
        ("0x1F", "the number 31"),
        ("0b101", "the number 5"),
        ("1_000", "the number 1000"),
        ("1:30", "the number 90 (in base 60)"),
        ("-1:30", "the number -90 (in base 60)"),
        ("9" * 30, "a very large number"),
        (".inf", "a number"),
        ("1e3", "a number"),
        ("0o17", "a number"),
        ("089", "a number"),
        ("2026-11-01", "a date"),
        ("2026-11-01 10:00:00", "a date"),
        ("~", ""),
        ("null", ""),
        ("", ""),
    ],
)
def test_what_yaml_reads_otherwise_than_meant(text: str, reading: str) -> None:
    assert find(tree(f"key: {text}\n"), ("key",)) == Scalar(
        find(tree(f"key: {text}\n"), ("key",)).position,  # type: ignore[union-attr]
        text,
        False,
        Misread(text, reading),
    )
    quoted = find(tree(f'key: "{text}"\n'), ("key",))
    assert isinstance(quoted, Scalar)
    assert quoted.value == text


@pytest.mark.parametrize("text", ["y", "n", "1.2.3", "europe-west1", "12h", "=", "0.9.1-rc1", "+", "1-2"])
def test_text_that_is_just_text(text: str) -> None:
    node = find(tree(f"key: {text}\n"), ("key",))
    assert isinstance(node, Scalar)
    assert node.value == text


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TESTDATA)))
def test_both_parsers_agree(path: Path) -> None:
    """Tree, places and problems are the same with libyaml and without, on every file of the tests."""
    content = path.read_bytes()
    assert parse(content, loader=yaml.SafeLoader) == parse(content)


@pytest.mark.parametrize(
    "text",
    [
        "a:\n",
        "a:\nb: 1",
        "a: [b, , c]",
        "a: {b, c: }",
        "a: >-\n  x\n  y\n\nb: 'c\n  d'\n",
        "? a\n: b",
        "a:\n-\n- b\n-\n",
    ],
)
def test_both_parsers_agree_on_corners(text: str) -> None:
    assert parse(text.encode(), loader=yaml.SafeLoader) == parse(text.encode())


def test_encoding() -> None:
    bad = problem(b"a: 1\nb: caf\xe9\n")
    assert (bad.code, bad.position.line, bad.position.column) == ("not-utf-8", 2, 7)
    assert "0xe9" in bad.found
    assert problem("a: 1\n".encode("utf-16")).code == "not-utf-8"
    assert problem(b"\xef\xbb\xbfa: 1\n").code == "byte-order-mark"
    assert parse(b"\xef\xbb\xbfa: 1\n")[0] is not None, "the rest is read all the same"


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff", "\uffff"])
def test_characters(character: str) -> None:
    bad = problem(f"a: 1\r\nb: x{character}y\n")
    assert (bad.code, bad.position.line, bad.position.column) == ("invalid-character", 2, 5)
    assert f"U+{ord(character):04X}" in bad.found


def test_line_breaks_are_those_of_editors() -> None:
    root = tree("a: 1\r\nb: 2\rc: 3\n")
    assert [root.key_positions[key].line for key in "abc"] == [1, 2, 3]


def test_size() -> None:
    assert parse(b"a: 1\n" + b"#" * (MAX_BYTES - 5))[1] == []
    assert problem(b"#" * (MAX_BYTES + 1)).code == "file-too-large"


def test_depth() -> None:
    assert problem("a: " + "[" * 100_000).code == "too-deep"
    assert parse(("a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)).encode())[1] == []
    assert problem("a: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH).code == "too-deep"


def test_problems_come_to_an_end() -> None:
    _, problems = parse(b"a: [" + b"*x, " * 100_000 + b"]\n")
    assert len(problems) == MAX_PROBLEMS + 1
    assert "nothing after this place was read" in problems[-1].found


def test_an_alias_is_never_followed() -> None:
    root, problems = parse(b"a: &a [x, *a]\nb: *a\n")
    assert root is not None
    assert [found.code for found in problems] == ["anchor-or-alias"] * 3
    assert [(found.position.line, found.position.column) for found in problems] == [(1, 4), (1, 11), (2, 4)]


def test_tab() -> None:
    bad = problem("a:\n  b:\n  \tc: 1\n")
    assert (bad.code, bad.position.line, bad.position.column) == ("tab", 3, 3)


def test_description_of_nodes() -> None:
    root = tree("a: {}\nb: []\nc: [1]\nd: {x: 1, y: 2}\ne: ''\nf: ~\ng:\nh: " + "x" * 100 + '\ni: "a\\tb\\e"\n')
    assert [describe(node) for node in root.values.values()] == [
        "an empty mapping",
        "an empty list",
        "a list of 1",
        "a mapping with x and y",
        '""',
        "nothing (`~`)",
        "nothing",
        f"`{'x' * 59}…`",
        '"a\\tb\\x1b"',
    ]

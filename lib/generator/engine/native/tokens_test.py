from __future__ import annotations

import json

import pytest

from generator.engine.errors import EngineError
from generator.engine.native import tokens
from generator.engine.native.expressions import FunctionCall, Reference
from generator.engine.native.resolve import Context, resolve
from generator.engine.native.tokens import NULL, TOKENS, Intrinsic, Resolvable, TokenMap, is_unresolved

STACK = object()


def rendered(value: object) -> object:
    return resolve(value, Context(STACK, "stack"))


def reference(address: str = "google_project.p.number") -> Reference:
    return Reference(address, STACK)


def test_the_first_tokens_look_as_cdktfs_do() -> None:
    map = TokenMap()
    assert map.string(Intrinsic(1)) == "${TfToken[TOKEN.0]}"
    assert map.items(Intrinsic(1)) == ["#{TfToken[TOKEN.1]}"]
    assert map.map(Intrinsic(1), "v") == {"&{TfToken[TOKEN.2]}": "v"}
    assert map.number(Intrinsic(1)) == -8.109562212591381e298
    assert map.number_list(Intrinsic(1)) == [-1.8881545897087506e289]


def test_a_value_has_one_token_per_form() -> None:
    token = reference()
    assert TOKENS.string(token) == TOKENS.string(token) != TOKENS.string(reference())
    assert TOKENS.number(token) == TOKENS.number(token)
    assert token.to_string() == TOKENS.string(token)


def test_plain_values_stay_plain() -> None:
    assert TOKENS.string("a") == "a"
    assert TOKENS.number(5) == 5
    assert TOKENS.items(["a"]) == ["a"]
    assert TOKENS.number_list([1, 2.5]) == [1, 2.5]


@pytest.mark.parametrize("ordinal", [0, 1, 2**20, 2**48 - 1])
def test_a_number_carries_its_ordinal_through_text(ordinal: int) -> None:
    map = TokenMap()
    map._next = ordinal
    number = map.number(Intrinsic("x"))
    assert tokens.number_ordinal(number) == ordinal
    assert tokens.NUMBER_HINT in repr(number) and tokens.NUMBER_TEXT.fullmatch(repr(number))
    assert float(repr(number)) == number == json.loads(json.dumps(number))
    assert tokens.number_ordinal(number, in_list=True) is None


def test_ordinary_numbers_are_no_tokens() -> None:
    assert tokens.number_ordinal(5) is None
    assert tokens.number_ordinal(-8.1) is None
    assert tokens.number_ordinal(1e300) is None


def test_what_is_unresolved() -> None:
    token = reference()
    for value in (
        TOKENS.string(token),
        f"a{TOKENS.string(token)}",
        TOKENS.number(token),
        TOKENS.items(token),
        TOKENS.number_list(token),
        TOKENS.map(token, "v"),
        token,
    ):
        assert is_unresolved(value), value
    plain: tuple[object, ...] = ("a", "${var.x}", 5, 2.5, ["a"], [], {"a": "b"}, None, True)
    for other in plain:
        assert not is_unresolved(other), other


def test_a_token_is_found_wherever_it_hides() -> None:
    token = reference()
    bare = "${google_project.p.number}"
    assert rendered(TOKENS.string(token)) == bare
    assert rendered(f"a-{TOKENS.string(token)} {TOKENS.number(token)}b") == f"a-{bare} {bare}b"
    assert rendered(f"{TOKENS.number(token)} GB") == f"{bare} GB"
    assert rendered(TOKENS.items(token)) == rendered(TOKENS.map(token, "v")) == rendered(TOKENS.number(token)) == bare
    assert rendered(json.dumps({"a": TOKENS.string(token)})) == json.dumps({"a": bare})
    assert rendered({f"k-{TOKENS.string(token)}": [TOKENS.string(token)]}) == {f"k-{bare}": [bare]}


def test_inside_the_authors_own_expression_a_token_has_no_braces() -> None:
    token = TOKENS.string(reference())
    assert rendered(f"${{upper({token})}} and {token}") == (
        "${upper(google_project.p.number)} and ${google_project.p.number}"
    )


def test_a_function_call_writes_its_arguments() -> None:
    token = TOKENS.string(reference())
    call = FunctionCall("f", [token, f"a-{token}", "b\n${c}", 2.0, True, ["x", token], {"k": token}])
    assert rendered(call) == (
        '${f(google_project.p.number, "a-${google_project.p.number}", "b\\n$${c}", 2, true, '
        '["x", google_project.p.number], {"k" = google_project.p.number})}'
    )
    assert rendered(FunctionCall("g", [call]))[:4] == "${g("  # type: ignore[index]


def test_none_is_not_given_and_null_is_null() -> None:
    assert rendered({"a": None, "b": Intrinsic(NULL), "c": [None, Intrinsic(NULL), 1]}) == {"b": None, "c": [None, 1]}


def test_a_token_may_stand_for_any_value() -> None:
    token = TOKENS.string(Intrinsic([1, {"a": TOKENS.string(reference())}]))
    assert rendered(token) == [1, {"a": "${google_project.p.number}"}]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("${TfToken[TOKEN.987654321]}", "Unrecognized Token Key"),
        (["a", *TOKENS.items(Intrinsic(1))], "items beside a list that only Terraform knows"),
        ([TOKENS.items(Intrinsic(1))[0] + "x"], "Cannot concatenate strings in a tokenized string array"),
        (TOKENS.items(Intrinsic(1))[0], "encoded list token string in a scalar string context"),
        ({"a": 1, **TOKENS.map(Intrinsic(1), "v")}, "keys beside a map that only Terraform knows"),
        ("String Map Token Value", "encoded map token in a scalar string context"),
        (-123456789, "encoded map token in a scalar number context"),
        (f"port-{TOKENS.number(Intrinsic(1))}", "where CDKTF does not find it again"),
        ({TOKENS.string(Intrinsic([1])): 1}, "a map key must resolve to a string"),
    ],
)
def test_misused_tokens_are_explained(value: object, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        rendered(value)


def test_every_resolvable_says_how_it_resolves() -> None:
    with pytest.raises(NotImplementedError):
        rendered(Resolvable())

from __future__ import annotations

import hashlib
import re

from accounts.credentials import form_token, hint_of, looks_like_token, new_secret, new_token


def test_a_token_can_be_found_by_scanners_and_is_kept_as_a_hash() -> None:
    token = new_token()
    assert re.fullmatch(r"acct_[0-9A-Za-z]{49}", token.text)
    assert token.hash == hashlib.sha256(token.text.encode()).digest()
    assert token.text not in repr(token)
    assert hint_of(token.text) == f"acct_…{token.text[-4:]}"


def test_secrets_differ() -> None:
    assert len({new_token().text for _ in range(100)} | {new_secret().text for _ in range(100)}) == 200


def test_a_typing_error_is_seen_without_asking_the_database() -> None:
    token = new_token().text
    assert looks_like_token(token)
    other = "B" if token[10] == "A" else "A"
    wrong = (token[:10] + other + token[11:], token[:-1], token + "0", token.replace("acct_", "acct-"), "", "ü" * 54)
    assert not any(looks_like_token(text) for text in wrong)


def test_forms_of_one_session_are_worth_nothing_in_another() -> None:
    assert form_token("a") == form_token("a") != form_token("b")

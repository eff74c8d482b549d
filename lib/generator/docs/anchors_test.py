from __future__ import annotations

import pytest

from generator.docs.anchors import slug, slugs


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Overview", "overview"),
        ("Logs and traces of prod", "logs-and-traces-of-prod"),
        ("Accounts: operations guide", "accounts-operations-guide"),
        ("What isn't there?", "what-isnt-there"),
        ("a -- b", "a----b"),
        ("snake_case stays", "snake_case-stays"),
        ("`code` & <b>HTML</b>", "code--bhtmlb"),
        ("a/b.c|d", "abcd"),
        ("Grüße, 世界", "grüße-世界"),
        ("Привет non-latin 你好", "привет-non-latin-你好"),
        ("party 🎉 time", "party--time"),
        ("I ❤️ it", "i-️-it"),  # the variation selector is a mark, and stays
        ("e\N{COMBINING ACUTE ACCENT}", "e\N{COMBINING ACUTE ACCENT}"),
        ("½ done, 2nd Ⅷ Ⓐ", "-done-2nd-ⅷ-ⓐ"),
        ("tab\tgone", "tabgone"),
        ("", ""),
    ],
)
def test_github_s_rule(heading: str, anchor: str) -> None:
    assert slug(heading) == anchor


def test_repeated_headings_are_numbered() -> None:
    assert slugs(["Logs", "logs", "LOGS!"]) == ["logs", "logs-1", "logs-2"]


def test_a_number_that_is_taken_is_left_out() -> None:
    assert slugs(["logs", "logs 1", "logs", "logs"]) == ["logs", "logs-1", "logs-2", "logs-3"]

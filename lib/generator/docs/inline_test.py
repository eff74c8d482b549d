from __future__ import annotations

import pytest

from generator.docs.inline import Inline, code, escape, fmt, join, link, strong


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("plain words, (brackets) and 100%!", "plain words, (brackets) and 100%!"),
        ("snake_case_name", "snake_case_name"),
        ("_emphasis_ and *strong*", r"\_emphasis\_ and \*strong\*"),
        ("a `code` span", r"a \`code\` span"),
        ("a | b", "a &#124; b"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("AT&T, &lt;", "AT&T, &amp;lt;"),
        ("![image](x) [link](y)", r"!\[image\](x) \[link\](y)"),
        ("~~gone~~ $x$", r"\~\~gone\~\~ \$x\$"),
        ("back\\slash", r"back\\slash"),
        ("two\nlines\r\n\tand  a  tab", "two lines and a tab"),
        ("Grüße 世界 🎉", "Grüße 世界 🎉"),
        ("https://acme.example/a_b", "https://acme.example/a_b"),
        ("https://acme.example/*", r"https:&#47;/acme.example/\*"),
        ("bell\a and \u202eright to left", "bell\N{REPLACEMENT CHARACTER} and \N{REPLACEMENT CHARACTER}right to left"),
    ],
)
def test_text_shows_as_it_is(text: str, markdown: str) -> None:
    assert escape(text) == markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("# heading", r"\# heading"),
        ("#team", "#team"),
        ("- item", r"\- item"),
        ("+ item", r"\+ item"),
        ("1. item", r"1\. item"),
        ("2026) item", r"2026\) item"),
        ("1.5 GB", "1.5 GB"),
        ("===", r"\==="),
        ("---", r"\---"),
        ("> quote", "&gt; quote"),
        ("    indented", "indented"),
    ],
)
def test_text_starts_no_block(text: str, markdown: str) -> None:
    assert escape(text) == markdown


@pytest.mark.parametrize(
    ("value", "markdown"),
    [
        ("roles/x", "`roles/x`"),
        ("a*b_c<d>", "`a*b_c<d>`"),
        ("a`b", "``a`b``"),
        ("`a``b`", "``` `a``b` ```"),
        (" padded ", "`  padded  `"),
        ("a|b", "<code>a&#124;b</code>"),
        ("`|<b>\\", "<code>&#96;&#124;&#60;b&#62;&#92;</code>"),
        ("a\nb", r"`a\nb`"),
        ("", "(empty)"),
        ("  ", "(blank)"),
        (8080, "`8080`"),
    ],
)
def test_code_shows_the_value(value: object, markdown: str) -> None:
    assert code(value) == markdown


def test_a_link_keeps_its_shape() -> None:
    assert (
        link("a] (b", 'https://x.example/a b)(<c>?q="1"') == r"[a\] (b](https://x.example/a%20b%29%28%3Cc%3E?q=%221%22)"
    )
    assert link("here", "#an-anchor") == "[here](#an-anchor)"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://x.example", "data:text/html,x", "JAVASCRIPT:x"])
def test_a_link_goes_to_https_only(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        link("x", url)


def test_a_sentence_escapes_what_is_put_into_it() -> None:
    assert fmt("**{}** runs {} with {n}", "a*b", code("c|d"), n=3) == r"**a\*b** runs <code>c&#124;d</code> with 3"


def test_ready_markdown_is_escaped_once() -> None:
    assert isinstance(fmt("{}", strong("x")), Inline)
    assert fmt("{}", strong("<x>")) == "**&lt;x&gt;**"


def test_braces_in_a_value_are_no_placeholders() -> None:
    assert fmt("{}", "{0} {{ dnsName }}") == "{0} {{ dnsName }}"


def test_lists_in_a_sentence() -> None:
    assert join(["a", "b", "c"], ", ", " and ") == "a, b and c"
    assert join(["a"], ", ", " and ") == "a"

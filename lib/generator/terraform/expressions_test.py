from __future__ import annotations

import pytest

from generator.terraform.expressions import parse_template, parse_traversal
from generator.terraform.traversal import ExpressionError, Traversal


def _references(text: str) -> list[str]:
    return [str(traversal) for traversal in parse_template(text).traversals]


_SAMPLES: list[tuple[str, list[str]]] = [
    ("plain", []),
    ("a $${not.one} and %%{ not } one", []),
    ("${google_project.main.number}", ["google_project.main.number"]),
    ("a-${data.x.y.z}-${local.b}", ["data.x.y.z", "local.b"]),
    ("${google_sql.db.ip_address[0].ip_address}", ["google_sql.db.ip_address[0].ip_address"]),
    ("${google_sql.db.ip_address.0.ip_address}", ["google_sql.db.ip_address[0].ip_address"]),
    ('${a.b.labels["x-y"]}', ["a.b.labels.x-y"]),
    ("${a.b[*].id}", ["a.b[*].id"]),
    ("${a.b.*.id}", ["a.b[*].id"]),
    ("${a.b[local.index].id}", ["local.index", "a.b[…].id"]),
    ('${join("-", [a.b.c, "x${d.e}y"])}', ["a.b.c", "d.e"]),
    ('${jsonencode({a = b.c, "k" : d.e, (f.g) = 1})}', ["b.c", "d.e", "f.g"]),
    ("${{for k, v in a.b : k => v.name if v.on}}", ["a.b"]),
    ("${[for x in a.b.c : upper(x.name)]}", ["a.b.c"]),
    ("${a.b == null ? -c.d : !e.f}", ["a.b", "c.d", "e.f"]),
    ("${1 + 2.5e3 * a.b % 3}", ["a.b"]),
    ("${f(a.b...)}", ["a.b"]),
    ("${provider::google::f(a.b)}", ["a.b"]),
    ('${"}"}${a.b}', ["a.b"]),
    ('${"\\"${a.b}\\""}', ["a.b"]),
    ("${ ~ a.b ~ }", ["a.b"]),
    ("${a.b # a remark }\n}", ["a.b"]),
    ("%{ if a.b }x%{ else }${c.d}%{ endif }", ["a.b", "c.d"]),
    ("%{ for x in a.b ~}${x.name}%{ endfor }${x.y}", ["a.b", "x.y"]),
    ("${true ? null : false}", []),
    ("${tolist([{a = 1\n b = c.d}])}", ["c.d"]),
]


@pytest.mark.parametrize(("text", "expected"), _SAMPLES)
def test_what_a_template_refers_to(text: str, expected: list[str]) -> None:
    assert _references(text) == expected


def test_a_template_cut_short_is_refused_or_read_but_never_anything_else() -> None:
    for text, _ in _SAMPLES:
        for end in range(len(text)):
            try:
                parse_template(text[:end])
            except ExpressionError as error:
                assert 0 <= error.offset <= end


def test_calls_are_listed() -> None:
    assert parse_template('${jsonencode(merge(a.b, {x = upper("y")}))}').calls == ("jsonencode", "merge", "upper")


def test_a_template_without_expressions_is_its_text() -> None:
    assert parse_template("plain").literal == "plain"
    assert parse_template("a $${b} %%{c}").literal == "a ${b} %{c}"
    assert parse_template("${a.b}").literal is None


@pytest.mark.parametrize(
    ("text", "is_expression", "sole"),
    [
        ("${a.b}", True, "a.b"),
        ("${f(a.b)}", True, None),
        ("${a.b.c + 1}", True, None),
        ('${"${a.b}"}', True, None),
        ("x${a.b}", False, None),
        ("${a.b}${a.b}", False, None),
        ("%{ if a.b }1%{ endif }", False, None),
    ],
)
def test_a_whole_expression_keeps_its_type(text: str, is_expression: bool, sole: str | None) -> None:
    template = parse_template(text)
    assert template.is_expression == is_expression
    assert (str(template.sole) if template.sole else None) == sole


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("${a.b", r"the \$\{ at 0 has no closing brace, found the end", 5),
        ("x${}", "a name or value is expected here, found '}'", 3),
        ('${"abc}', "the string has no closing quote", 7),
        ("${a.b c}", r"the \$\{ at 0 has no closing brace, found 'c'", 6),
        ("${f(a}", r"'\)' is expected here", 5),
        ("${a[1}", "']' is expected here", 5),
        ("${a.}", "a name or value is expected here", 4),
        ('${"\\q"}', "is no escape sequence", 3),
        ("%{ loop }", "%{ loop } is no directive", 7),
        ("%{ for x in a.b }", "has no %{ endfor }", 17),
        ("${[for x of y : x]}", "'in' is expected here", 9),
    ],
)
def test_a_broken_template_is_told_with_the_place(text: str, message: str, offset: int) -> None:
    with pytest.raises(ExpressionError, match=message) as caught:
        parse_template(text)
    assert caught.value.offset == offset


def test_bare_references() -> None:
    assert parse_traversal("google_project.main") == Traversal("google_project", ("main",))
    assert parse_traversal("data.a.b[0]") == Traversal("data", ("a", "b", 0))
    for text in ("a b", "f(a)", "1", "a.b + 1"):
        with pytest.raises(ExpressionError):
            parse_traversal(text)

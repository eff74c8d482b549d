"""How a finding is shown."""

from __future__ import annotations

from dataclasses import replace

from spec.diagnostics import Diagnostic, has_errors

FINDING = Diagnostic("error", "out-of-range", "a/service.yaml", 3, 7, "service.id", "`7`", "1 to 5", "write 5")


def test_render() -> None:
    assert FINDING.render() == (
        "a/service.yaml:3:7: error[out-of-range] service.id: found `7`; expected 1 to 5; fix: write 5"
    )
    assert replace(FINDING, key="").render().startswith("a/service.yaml:3:7: error[out-of-range] found")
    assert "\n" not in replace(FINDING, found="a\nb").render()
    assert replace(FINDING, fix="write", snippet="a {\n  b = 1\n}\n").render().endswith("fix: write\n    a {\n      b = 1\n    }")


def test_json_is_the_envelopes_form() -> None:
    assert list(FINDING.to_json()) == [
        "severity",
        "code",
        "path",
        "line",
        "column",
        "key",
        "found",
        "expected",
        "fix",
        "snippet",
    ]


def test_warnings_are_no_errors() -> None:
    assert not has_errors([replace(FINDING, severity="warning")])
    assert has_errors([replace(FINDING, severity="warning"), FINDING])

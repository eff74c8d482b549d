"""conformance.json: written and read again, and what is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec.conformance import Conformance, ConformanceError, Entry, read, render

MEASURED = Conformance("dev", {"drain": Entry("No request fails.", "pass"), "jobs": Entry("It ends.", "fail", "it does not")})


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "conformance.json"
    assert read(path) is None
    path.write_text(render(MEASURED), encoding="utf-8")
    assert read(path) == MEASURED


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "7", '{"environment": "dev"}', '{"environment": "dev", "checks": [{"id": "a", "promise": ""}]}']
    + [render(Conformance("dev", {"drain": Entry("", "perhaps")}))],
)
def test_something_else_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "conformance.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConformanceError):
        read(path)

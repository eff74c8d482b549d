"""The generated files in the repository are current."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from spec.codes import CODES
from spec.constants import CONTRACT
from spec.model import ServiceSpec
from spec.platform import Platform
from spec.reference import reference_files
from spec.reference.files import COMMAND, PLAIN_COMMAND
from spec.shapes import walk
from spec.tiers import TABLE

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("path", reference_files())
def test_file_is_current(path: str) -> None:
    expected = reference_files()[path]
    file = ROOT / path
    committed = file.read_text(encoding="utf-8") if file.is_file() else ""
    diff = list(
        difflib.unified_diff(committed.splitlines(), expected.splitlines(), path, f"{path} (now)", lineterm="", n=1)
    )
    assert not diff, "\n".join(
        [*diff[:60], f"{path} is stale; write it again with\n  {COMMAND}\nor\n  {PLAIN_COMMAND}"]
    )


def test_pages_name_every_key() -> None:
    files = reference_files()
    for page, root in (("service-yaml", ServiceSpec), ("platform-yaml", Platform)):
        text = files[f"docs/reference/{page}.md"]
        missing = [path for path, _ in walk(root) if f"`{path[-1]}`" not in text]
        assert [path for path in missing if path[-1] not in ("value", "reason")] == []


def test_pages_name_every_code_variable_and_knob() -> None:
    text = "".join(reference_files().values())
    assert [code for code in CODES if f"| `{code}` |" not in text] == []
    assert [variable.name for variable in CONTRACT if f"| `{variable.name}` |" not in text] == []
    assert [knob.name for knob in TABLE if f"| {knob.name} |" not in text] == []


def test_tables_are_whole() -> None:
    """Each row has as many cells as its head, and nothing in it would be taken for HTML."""
    for path, text in reference_files().items():
        if not path.endswith(".md"):
            continue
        for table in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
            widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
            assert len(widths) == 1, table
        outside = re.sub(r"`[^`]*`|<br>|<!-- .* -->", "", text)
        assert "<" not in outside
        assert "None" not in outside


def test_every_outside_rule_has_its_source() -> None:
    for root in (ServiceSpec, Platform):
        for path, key in walk(root):
            if key.source is not None:
                assert key.source.startswith("https://"), path

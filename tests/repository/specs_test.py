"""What every service of this repository owes its editor: the line that gives it the schema."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REPOSITORY = Path.cwd()
MODELINE = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")


@pytest.mark.parametrize(
    "path", ["platform.yaml", *sorted(str(path.relative_to(REPOSITORY)) for path in REPOSITORY.glob("services/*/service.yaml"))]
)
def test_the_first_line_names_the_schema(path: str) -> None:
    file = REPOSITORY / path
    found = MODELINE.match(file.read_text(encoding="utf-8"))
    assert found, f"{path} should begin with `# yaml-language-server: $schema=…`"
    assert (file.parent / found[1]).resolve().is_file(), f"{path} names a schema that is not there: {found[1]}"

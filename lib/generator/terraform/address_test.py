from __future__ import annotations

import pytest

from generator.terraform.address import qualified_source


@pytest.mark.parametrize(
    ("source", "qualified"),
    [
        ("google", "registry.terraform.io/hashicorp/google"),
        ("cyrilgdn/postgresql", "registry.terraform.io/cyrilgdn/postgresql"),
        ("example.com/a/b", "example.com/a/b"),
    ],
)
def test_short_source_addresses_are_written_out(source: str, qualified: str) -> None:
    assert qualified_source(source) == qualified

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from generator.docs import kinds

SEAM = Path(__file__).parent.parent / "engine"


def imported_kinds() -> set[str]:
    """Terraform types of the resources that the seam imports."""
    found: set[str] = set()
    for name in ("google", "postgresql"):
        for node in ast.parse((SEAM / f"{name}.py").read_text()).body:
            if isinstance(node, ast.ImportFrom):
                found.update(f"{name}_{alias.name}" for alias in node.names if _is_resource(alias.name))
    return found


def _is_resource(module: str) -> bool:
    return module != "provider" and not module.startswith("data_")


def test_every_kind_of_the_seam_has_a_noun() -> None:
    assert imported_kinds() - kinds.NOUNS.keys() == set(), "add it to kinds.NOUNS"


def test_no_noun_is_left_over() -> None:
    assert kinds.NOUNS.keys() - imported_kinds() == set()


def test_what_matters_comes_first_and_numbers_agree() -> None:
    stack: dict[str, Any] = {
        "resource": {
            "google_sql_user": {"a": {}, "b": {}},
            "google_sql_database_instance": {"c": {}},
            "google_compute_url_map": {"d": {}},
        }
    }
    assert kinds.describe(stack) == "1 Cloud SQL instance, 1 URL map, 2 database users"


@pytest.mark.parametrize("kind", kinds.MAIN)
def test_main_kinds_are_known(kind: str) -> None:
    assert kind in kinds.NOUNS

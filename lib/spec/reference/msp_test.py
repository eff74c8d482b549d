"""Whoever comes from the other platform finds every field, and what they are told to write exists."""

from __future__ import annotations

from spec.check.unknown import REPLACED, replaced_key
from spec.model import ServiceSpec
from spec.reference import reference_files
from spec.reference.msp import FIELDS
from spec.shapes import spelled, walk

OURS = {spelled(path) for path, _ in walk(ServiceSpec)}


def test_what_stands_here_exists() -> None:
    assert [field.here for field in FIELDS if field.here is not None and field.here not in OURS] == []


def test_each_field_is_told_once_and_one_that_is_gone_says_why() -> None:
    there = [field.there for field in FIELDS]
    assert len(set(there)) == len(there)
    assert [field.there for field in FIELDS if field.here is None and not field.words] == []


def test_a_field_is_called_gone_or_other_only_where_it_is() -> None:
    """The validator's words are about keys that are refused; and what it says is offered by now."""
    refused = {field.there for field in FIELDS if replaced_key(_keys(field.there)) is not None}
    assert refused & OURS == set()
    assert [key for key, fix in REPLACED.items() if "not offer" in fix] == []


def test_the_validator_knows_no_field_that_is_not_in_the_table() -> None:
    told = {part.lower() for field in FIELDS for part in _keys(field.there)}
    assert [key for key in REPLACED if not {part.lower() for part in key.split(".")} <= told] == []


def test_the_page_has_every_field() -> None:
    page = reference_files()["docs/reference/service-yaml.md"]
    assert [field.there for field in FIELDS if f"| `{field.there}` |" not in page] == []


def _keys(path: str) -> tuple[str, ...]:
    return tuple(part.removesuffix("[]") for part in path.split("."))

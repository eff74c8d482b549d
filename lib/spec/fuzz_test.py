"""Whatever a file holds, it is read without an exception and every finding makes sense.

The examples are the same in every run; HYPOTHESIS_PROFILE=random looks for new ones.
"""

from __future__ import annotations

import copy
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from spec.loader import Fleet, load_fleet
from spec.testing.helpful import flaws

TESTDATA = Path(__file__).parent / "testdata"
PLATFORM = TESTDATA / "platform.yaml"
SEEDS = [yaml.safe_load(path.read_text()) for path in sorted((TESTDATA / "valid").glob("*.yaml"))]
TEXTS = [path.read_bytes() for path in sorted((TESTDATA / "valid").glob("*.yaml"))]
PLATFORM_SEED = yaml.safe_load(PLATFORM.read_text())

_COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck)}
settings.register_profile("fixed", derandomize=True, max_examples=150, **_COMMON)  # type: ignore[arg-type]
settings.register_profile("random", max_examples=3000, **_COMMON)  # type: ignore[arg-type]
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where each example is written, over and over."""
    path: Path = tmp_path_factory.mktemp("fuzz") / "services/kitchen-sink/service.yaml"
    path.parent.mkdir(parents=True)
    return path


def load(content: bytes, place: Path) -> Fleet:
    """Reads the content as spec and as platform, and holds what is found to what every finding must be."""
    place.write_bytes(content)
    root = place.parents[2]
    fleet = load_fleet(PLATFORM, [place], root)
    for diagnostic in (*fleet.diagnostics, *load_fleet(place, [], root).diagnostics):
        assert diagnostic.path == "services/kitchen-sink/service.yaml"
        assert list(flaws(diagnostic, content)) == []
    assert len(fleet.services) == (0 if fleet.diagnostics else 1)
    return fleet


@given(st.binary(max_size=200))
def test_bytes(place: Path, content: bytes) -> None:
    load(content, place)


@given(st.text(st.sampled_from("ab:1 \n\t-[]{},&*!|>'\"%@`#?~<=.\\\r\u00e9🚀\u2028\ufeff\x00\x7f"), max_size=60))
@example("service:\n  - a\n -b")
@example("? \n")
@example("a: |\n \tb")
@example("[" * 5000)
@example("{a: " * 5000)
@example("- " * 5000)
@example("a:\n" * 3)
@example("? [a]\n: b")
@example("'': ''")
@example("a: &b\n")
@example("&a *b")
@example("!\n")
@example("--- !x\n...\n---\n")
@example("---")
def test_yaml_like_text(place: Path, text: str) -> None:
    load(text.encode(), place)


@given(st.data())
def test_cut_and_spliced_specs(place: Path, data: st.DataObject) -> None:
    """Pieces of valid files, with a few bytes in between."""
    content = data.draw(st.sampled_from(TEXTS))
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 200)))
    load(content[:start] + data.draw(st.binary(max_size=6)) + content[end:], place)


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 2000),
    st.just(10**30),
    st.floats(),
    st.dates(),
    st.text(max_size=8),
    st.sampled_from(
        ["{{ dnsName }}", "{{", "no", "1:30", "🚀", "test", "job", "service", "* * * * *", "L L L L L", "@daily"]
    ),
    st.sampled_from(["512Mi", "roles/owner", "projects/a/secrets/b", "public", "external", "x" * 300, "thing@1", ""]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The key paths of everything in a document."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, item in below for deeper in paths(item, (*path, key)))]


def mutate(document: Any, data: st.DataObject) -> None:
    """Replaces, removes, renames or doubles something somewhere in the document."""
    path = data.draw(st.sampled_from(paths(document)[1:]))
    parent = document
    for key in path[:-1]:
        parent = parent[key]
    action = data.draw(st.sampled_from(["replace", "remove", "rename", "double", "borrow"]))
    if action == "remove":
        del parent[path[-1]]
    elif action == "rename" and isinstance(parent, dict):
        parent[
            data.draw(st.one_of(st.text(max_size=6), st.sampled_from(["id", "value", "reason", "plain", "[key]"])))
        ] = parent.pop(path[-1])
    elif action == "double" and isinstance(parent, list):
        parent.append(copy.deepcopy(parent[path[-1]]))
    elif action == "borrow":
        other = data.draw(st.sampled_from(SEEDS))
        for key in data.draw(st.sampled_from(paths(other)[1:])):
            other = other[key]
        parent[path[-1]] = copy.deepcopy(other)
    else:
        parent[path[-1]] = data.draw(VALUES)


class _NoAliases(yaml.SafeDumper):
    """Writes what stands twice in a document twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@given(st.data())
def test_mutated_specs(place: Path, data: st.DataObject) -> None:
    document = copy.deepcopy(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 4))):
        if document:
            mutate(document, data)
    load(yaml.dump(document, Dumper=_NoAliases, allow_unicode=True).encode(), place)


@given(st.data())
def test_mutated_platforms(place: Path, data: st.DataObject) -> None:
    document = copy.deepcopy(PLATFORM_SEED)
    for _ in range(data.draw(st.integers(1, 4))):
        mutate(document, data)
    place.write_text(yaml.dump(document, Dumper=_NoAliases, allow_unicode=True))
    fleet = load_fleet(place, [TESTDATA / "valid/kitchen-sink-job.yaml"], place.parents[2])
    assert all(diagnostic.fix for diagnostic in fleet.diagnostics)

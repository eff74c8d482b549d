"""Runs the readable cases of testdata/cases (see its README.md)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.testing import rendered

CASES = Path(__file__).parent / "testdata" / "cases"
GOLDEN = Path(__file__).parent / "testdata" / "golden"
SPEC = Path(__file__).parent.parent / "spec" / "testdata"
REFUSED = ("invalid", "invalid-fleet", "invalid-platform")
MISSING = object()


def cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['case']}")
        for path in sorted(CASES.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    rendered.activate()
    from generator import home
    from generator.generate import contexts_of, synthesize_stacks
    from generator.release import release_files
    from generator.tables import read_tables
    from generator.terraform.canonical import canonicalise

    spec = rendered.sample(case.get("kind", "service"), case.get("service", {}), case.get("environment", {}), case.get("monitoring"))
    rendered.extend(spec, case, tmp_path)
    fleet = rendered.load(spec, tmp_path, case.get("platform"))
    assert [diagnostic.render() for diagnostic in fleet.diagnostics] == []
    assert fleet.platform is not None
    for table, columns in case.get("tables", {}).items():
        path = tmp_path / "services/sample/bigquery" / f"{table}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(columns), encoding="utf-8")
    tables = read_tables(tmp_path, fleet.services[0])
    assert [diagnostic.render() for diagnostic in tables.diagnostics] == []
    raw = synthesize_stacks(fleet.services, fleet.platform, {"sample": tables.schemas})["sample"]
    made = {
        id: {name: json.loads(canonicalise(stack, origin="here")) for name, stack in by_name.items()}
        for id, by_name in raw.items()
    }
    for context in contexts_of(fleet.services[0], fleet.platform, tables.schemas):
        # A release's files stand beside the stacks, by their paths.
        files = release_files(context, origin="here").items()
        id = context.environment.id
        beside = home.files(context, raw[id], origin="here").items()
        made[id]["release"] = {path: yaml.safe_load(content) for path, content in files}
        made[id]["home"] = {f"./{name}": yaml.safe_load(content) for name, content in beside}
    for statement in case["expect"]:
        stacks = made[statement.get("environment", "dev")]
        if "stacks" in statement:
            assert [name for name in stacks if name not in ("release", "home")] == statement["stacks"]
        else:
            check(stacks, statement)


def test_there_are_many_and_each_promises_something(capsys: pytest.CaptureFixture[str]) -> None:
    """Goldens, cases and specs that are refused, each with a name of its own that says in words what it is about."""
    promised = [case["case"] for path in sorted(CASES.glob("*.yaml")) for case in yaml.safe_load(path.read_text())]
    refused = [path.stem for folder in REFUSED for path in sorted((SPEC / folder).iterdir())]
    goldens = [path.relative_to(GOLDEN).as_posix() for path in sorted(GOLDEN.glob("*/*")) if path.is_dir()]
    assert sorted({name for name in promised if promised.count(name) > 1}) == []
    assert [name for name in promised if len(name.split()) < 3 or name != name.strip(" .")] == []
    assert len(promised) >= 150 and len(refused) >= 100
    with capsys.disabled():
        print(f"\n{len(promised)} cases, {len(refused)} specs that are refused, {len(goldens)} golden environments")


def check(stacks: Any, statement: dict[str, Any]) -> None:
    found = at(stacks[statement["stack"]], statement["at"])
    where = f"{statement['stack']}: {statement['at']}"
    if "absent" in statement:
        assert found is MISSING, f"{where} should not be there"
        return
    assert found is not MISSING, f"{where} is missing"
    if "lacks" in statement:
        present = [unwanted for unwanted in statement["lacks"] if any(holds(item, unwanted) for item in found)]
        assert not present, f"{where} holds {present}"
    elif "equals" in statement:
        assert found == statement["equals"], where
    elif "contains" in statement:
        assert statement["contains"] in found, f"{where} does not contain {statement['contains']!r}: {found}"
    else:
        assert holds(found, statement["holds"]), f"{where} does not hold {statement['holds']}: {found}"


def at(document: Any, path: str) -> Any:
    for part in path.split(".") if "/" not in path else path.split(" "):
        if isinstance(document, list) and part.isdecimal() and int(part) < len(document):
            document = document[int(part)]
        elif isinstance(document, dict) and part in document:
            document = document[part]
        else:
            return MISSING
    return document


def holds(found: Any, expected: Any) -> bool:
    """Objects hold at least the expected keys, lists at least the expected items; anything else is equal."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(
            key in found and holds(found[key], value) for key, value in expected.items()
        )
    if isinstance(expected, list):
        return isinstance(found, list) and all(any(holds(item, value) for item in found) for value in expected)
    return bool(found == expected)

"""The JSON Schemas say what the model says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from spec.loader import load_fleet
from spec.model import ServiceSpec
from spec.model.base import Section
from spec.platform import Platform
from spec.reference import reference_files
from spec.reference.markdown import MINIMAL_SERVICE
from spec.shapes import walk

TESTDATA = Path(__file__).parent.parent / "testdata"
PLATFORMS = [TESTDATA / "platform.yaml", *sorted((TESTDATA / "platforms").glob("*.yaml"))]
VALID = sorted((TESTDATA / "valid").glob("*.yaml"))
INVALID = sorted((TESTDATA / "invalid").glob("*.yaml"))
ROOTS: dict[str, type[Section]] = {"service": ServiceSpec, "platform": Platform}


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    files = reference_files()
    return {name: json.loads(files[f"schema/{name}.schema.json"]) for name in ROOTS}


def properties(schema: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every property of a schema, with `[]` and `<name>` for items of lists and values of maps."""
    for name, below in schema.get("properties", {}).items():
        yield (*path, name), below
        yield from properties(below, (*path, name))
    for variant in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from properties(variant, path)
    if isinstance(schema.get("items"), dict):
        yield from properties(schema["items"], (*path, "[]"))
    for values in (schema.get("additionalProperties"), *schema.get("patternProperties", {}).values()):
        if isinstance(values, dict):
            yield from properties(values, (*path, "<name>"))


def written(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of everything that a document says."""
    for name, below in value.items() if isinstance(value, dict) else ():
        yield from ((*path, name), (*path, "<name>"))
        yield from written(below, (*path, name))
        yield from written(below, (*path, "<name>"))
    for item in value if isinstance(value, list) else ():
        yield from written(item, (*path, "[]"))


@pytest.mark.parametrize("root", ROOTS)
def test_schema_is_a_schema(schemas: dict[str, Any], root: str) -> None:
    jsonschema.Draft7Validator.check_schema(schemas[root])


@pytest.mark.parametrize("root", ROOTS)
def test_same_properties_as_the_model(schemas: dict[str, Any], root: str) -> None:
    assert {path for path, _ in properties(schemas[root])} == {path for path, _ in walk(ROOTS[root])}


@pytest.mark.parametrize("root", ROOTS)
def test_same_properties_as_pydantic_knows(schemas: dict[str, Any], root: str) -> None:
    """Against a second witness, which does not go through spec.shapes."""
    theirs = ROOTS[root].model_json_schema(by_alias=True)

    def inlined(schema: Any) -> Any:
        if isinstance(schema, dict):
            if "$ref" in schema:
                return inlined(theirs["$defs"][schema["$ref"].rpartition("/")[2]])
            return {name: inlined(value) for name, value in schema.items() if name != "$defs"}
        return [inlined(item) for item in schema] if isinstance(schema, list) else schema

    def forms(schema: Any) -> Iterator[Any]:
        yield schema
        for variant in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
            yield from forms(variant)
        yield from forms(schema["items"]) if isinstance(schema.get("items"), dict) else ()

    def required(schema: Any) -> dict[tuple[str, ...], set[str]]:
        return {
            path: set(form["required"])
            for path, below in [((), schema), *properties(schema)]
            for form in forms(below)
            if "required" in form
        }

    flat = inlined(theirs)
    assert {path for path, _ in properties(flat)} == {path for path, _ in properties(schemas[root])}
    assert required(flat) == required(schemas[root])


@pytest.mark.parametrize("root", ROOTS)
def test_every_property_is_described(schemas: dict[str, Any], root: str) -> None:
    for path, schema in properties(schemas[root]):
        assert schema["description"].rstrip(".").strip(), path
        assert not schema["description"].startswith("See"), path


@pytest.mark.parametrize("root", ROOTS)
def test_no_mapping_takes_unknown_keys(schemas: dict[str, Any], root: str) -> None:
    for path, schema in [((), schemas[root]), *properties(schemas[root])]:
        for variant in [schema, schema.get("items", {}), *schema.get("anyOf", [])]:
            if "properties" in variant:
                assert variant["additionalProperties"] is False, path


@pytest.mark.parametrize("root", ROOTS)
def test_defaults_and_examples_are_valid(schemas: dict[str, Any], root: str) -> None:
    tried = 0
    for path, schema in properties(schemas[root]):
        for value in [*schema.get("examples", []), *([schema["default"]] if "default" in schema else [])]:
            jsonschema.validate(value, schema), path
            tried += 1
    assert tried > 10


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_specs_fit_the_schema(schemas: dict[str, Any], path: Path) -> None:
    jsonschema.validate(yaml.safe_load(path.read_text()), schemas["service"])


def test_valid_platform_and_minimal_spec_fit_the_schema(schemas: dict[str, Any], tmp_path: Path) -> None:
    for file in PLATFORMS:
        jsonschema.validate(yaml.safe_load(file.read_text()), schemas["platform"])
    jsonschema.validate(yaml.safe_load(MINIMAL_SERVICE), schemas["service"])
    spec = tmp_path / "accounts/service.yaml"
    spec.parent.mkdir()
    spec.write_text(MINIMAL_SERVICE)
    assert load_fleet(TESTDATA / "platform.yaml", [spec], tmp_path).diagnostics == ()


def wrong_for_a_schema(text: str) -> bool:
    """Whether a case holds a wrong key or value that a schema can know of, in YAML that a plain parser reads."""
    heads = re.findall(r"^# expect: \S+ (\S+).*\n#   found .*?; expected (.*?);", text, re.MULTILINE)
    codes = {code for code, _ in heads}
    known = {"unknown-key", "missing-key", "out-of-range", "invalid-value", "unknown-value", "invalid-key", "too-few"}
    # A quantity's bounds and a path's dots are rules: of text whose form is right a schema knows no more.
    formal = [code for code, expected in heads if not expected.startswith(("from ", "a path without"))]
    return bool(known & set(formal)) and not codes & {"invalid-yaml", "tag", "tab", "key-not-text", "merge-key"}


EDITOR_CASES = [path for path in INVALID if wrong_for_a_schema(path.read_text())]


@pytest.mark.parametrize("path", EDITOR_CASES, ids=lambda path: path.stem)
def test_editors_see_what_is_wrong_with_single_values(schemas: dict[str, Any], path: Path) -> None:
    """Where validation finds a wrong key or value, the schema refuses the file too."""
    assert list(jsonschema.Draft7Validator(schemas["service"]).iter_errors(yaml.safe_load(path.read_text())))


def test_there_are_such_cases() -> None:
    assert len(EDITOR_CASES) > 30


def test_kitchen_sinks_touch_every_property(schemas: dict[str, Any]) -> None:
    """A new key belongs into testdata/valid/kitchen-sink-service.yaml or kitchen-sink-job.yaml."""
    seen = {path for file in VALID for path in written(yaml.safe_load(file.read_text()))}
    untouched = [path for path, _ in properties(schemas["service"]) if path not in seen]
    assert untouched == []


def test_sample_platforms_are_valid() -> None:
    for file in PLATFORMS:
        fleet = load_fleet(Path(file.name), [], file.parent)
        assert [diagnostic.render() for diagnostic in fleet.diagnostics] == []


def test_sample_platforms_touch_every_property(schemas: dict[str, Any]) -> None:
    """What excludes the keys of testdata/platform.yaml stands in one of testdata/platforms/."""
    seen = {path for file in PLATFORMS for path in written(yaml.safe_load(file.read_text()))}
    assert [path for path, _ in properties(schemas["platform"]) if path not in seen] == []


def test_kitchen_sinks_are_valid(tmp_path: Path) -> None:
    specs = []
    for file in VALID:
        path = tmp_path / yaml.safe_load(file.read_text())["service"]["id"] / "service.yaml"
        path.parent.mkdir()
        path.write_bytes(file.read_bytes())
        lock = file.parent / "locks" / f"{path.parent.name}.yaml"
        if lock.exists():
            path.with_name("images.lock.yaml").write_bytes(lock.read_bytes())
        specs.append(path)
    fleet = load_fleet(TESTDATA / "platform.yaml", specs, tmp_path)
    assert fleet.diagnostics == ()
    assert [service.spec.service.kind for service in fleet.services] == ["job", "service", "service", "worker"]

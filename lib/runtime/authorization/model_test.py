"""Compiled models: made by the real tool, refused where they are of another text."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from runtime.authorization import ModelError, load
from runtime.authorization.__main__ import main
from runtime.authorization.compiling import compile_model
from runtime.authorization.model import Model, compiled_path, normalised
from runtime.testing.authorization_model import assert_compiled, assert_model

TESTS = """\
model_file: authorization.fga
tuples:
  - {user: "user:anne", relation: owner, object: "organization:7"}
tests:
  - name: owners
    check:
      - user: user:anne
        object: organization:7
        assertions: {can_edit: CAN}
"""


@pytest.fixture
def mine(source: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    copied = tmp_path / source.name
    copied.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    compiled_path(copied).write_text(compiled_path(source).read_text(encoding="utf-8"), encoding="utf-8")
    return copied


def test_what_is_loaded_is_what_the_tool_makes(mine: Path) -> None:
    assert load(mine) == compile_model(mine)
    assert_compiled(mine)
    mine.write_bytes(mine.read_bytes().replace(b"\n", b"\r\n"))
    assert load(mine)["schema_version"] == "1.1"


def test_a_model_of_another_text_is_refused(mine: Path) -> None:
    mine.write_text(mine.read_text(encoding="utf-8").replace("type user\n", "type user\ntype robot\n"), encoding="utf-8")
    with pytest.raises(ModelError, match=r"was made of another authorization.fga. Run `python -m runtime.authorization compile"):
        load(mine)
    with pytest.raises(AssertionError, match="is not what authorization.fga says"):
        assert_compiled(mine)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"madeOf": "x", "model": null}', "not JSON"])
def test_something_else_than_a_compiled_model_is_refused(mine: Path, text: str) -> None:
    compiled_path(mine).write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match="authorization.fga.json: "):
        load(mine)


def test_files_that_are_not_there_are_named(mine: Path) -> None:
    compiled_path(mine).unlink()
    with pytest.raises(ModelError, match=r"found no such file, expected authorization.fga as JSON. Run"):
        load(mine)
    mine.unlink()
    with pytest.raises(ModelError, match="there is no such file. Program.authorization_model has to name it"):
        load(mine)


def test_a_hand_edited_model_is_found_by_the_tests(mine: Path) -> None:
    compiled = compiled_path(mine)
    found = json.loads(compiled.read_text(encoding="utf-8"))
    found["model"]["type_definitions"].append({"type": "robot"})
    compiled.write_text(json.dumps(found), encoding="utf-8")
    with pytest.raises(AssertionError, match=r"run `python -m runtime.authorization compile authorization.fga`"):
        assert_compiled(mine)


def test_compiling_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "wrong.fga"
    wrong.write_text("model\n  schema 1.1\ntype user\n relat\n", encoding="utf-8")
    undefined = tmp_path / "undefined.fga"
    undefined.write_text("model\n  schema 1.1\ntype user\n  relations\n    define a: b\n", encoding="utf-8")
    fine = tmp_path / "fine.fga"
    fine.write_text("model\n  schema 1.1\ntype user\n", encoding="utf-8")
    assert main(["compile", str(wrong), str(undefined), str(fine), str(tmp_path / "missing.fga")]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == [f"{fine}.json"]
    assert "wrong.fga: failed to transform due to 1 error occurred: * syntax error at line=" in err
    assert "undefined.fga: " in err and "'user#b' relation is undefined" in err and "missing.fga: there is no such file" in err
    assert sorted(path.name for path in tmp_path.glob("*.json")) == ["fine.fga.json"]


def test_models_that_mean_the_same_are_the_same(model: Model) -> None:
    read = copy.deepcopy(dict(model)) | {"id": "01HVMMBCMGZNT3SED4Z17ECXCA"}
    for definition in read["type_definitions"]:
        definition["metadata"] = {"module": "", "source_info": None, "relations": {}} | (definition.get("metadata") or {})
    assert normalised(read) == normalised(model)
    # A wildcard and `this` are empty objects that say something.
    text = json.dumps(dict(model))
    for other in (text.replace('"wildcard": {}', '"relation": ""'), text.replace('"this": {}', '"that": {}')):
        assert other != text
        assert normalised(json.loads(other)) != normalised(model)


def test_services_test_their_models_with_the_real_evaluator(mine: Path) -> None:
    tests = mine.with_name("authorization.fga.yaml")
    tests.write_text(TESTS.replace("CAN", "true"), encoding="utf-8")
    assert_model(tests)
    tests.write_text(TESTS.replace("CAN", "false"), encoding="utf-8")
    with pytest.raises(AssertionError, match="expected=false, got=true"):
        assert_model(tests)
    tests.write_text(TESTS[: TESTS.index("tests:")] + "tests: []\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="found no assertion"):
        assert_model(tests)
    compiled_path(mine).unlink()
    tests.write_text(TESTS.replace("CAN", "true"), encoding="utf-8")
    with pytest.raises(AssertionError, match="is not what authorization.fga says"):
        assert_model(tests)

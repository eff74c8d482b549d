"""For services: their authorisation model, tested by OpenFGA's real evaluator.

    def test_the_model() -> None:
        assert_model(Path(__file__).with_name("authorization.fga.yaml"))

https://openfga.dev/docs/modeling/testing says what stands in such a file.
"""

from __future__ import annotations

import re
from pathlib import Path

from runtime.authorization.compiling import compile_model, run_tool
from runtime.authorization.model import compiled_path, to_text

CHECKED = re.compile(r"^(?:Checks|ListObjects|ListUsers) (\d+)/(\d+) passing$", re.MULTILINE)
MODEL_FILE = re.compile(r"^model_file:\s*(?P<name>\S+)\s*$", re.MULTILINE)


def assert_model(tests: Path) -> None:
    """Run a store file's tests, and hold the compiled model against its text.

    AssertionError with what failed, also where the file tests nothing.
    """
    done = run_tool("model", "test", "--tests", tests.name, folder=tests.parent)
    output = (done.stdout + done.stderr).strip()
    assert done.returncode == 0, f"{tests}:\n{output}"
    made = sum(int(of) for _, of in CHECKED.findall(output))
    assert made, f"{tests}: found no assertion; expected tests with check, list_objects or list_users"
    named = MODEL_FILE.search(tests.read_text(encoding="utf-8"))
    assert named, f"{tests}: found no model_file; expected `model_file: authorization.fga`"
    assert_compiled(tests.parent / named["name"])


def assert_compiled(source: Path) -> None:
    """That the JSON beside a `.fga` file is what OpenFGA's own tool makes of it. AssertionError, ModelError."""
    compiled = compiled_path(source)
    wanted = to_text(source.read_text(encoding="utf-8"), compile_model(source))
    found = compiled.read_text(encoding="utf-8") if compiled.is_file() else None
    mend = f"run `python -m runtime.authorization compile {source.name}` in its folder"
    assert found == wanted, f"{compiled} is not what {source.name} says: {mend}"

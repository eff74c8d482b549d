from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from generator import engine
from generator.bindings import ensure
from generator.engine import selection
from generator.engine.testing import native, processes


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, str(ensure())], env=processes.environment({}), capture_output=True, text=True
    )


def test_nothing_is_made_before_an_engine_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "_active", None)
    with pytest.raises(engine.EngineError, match="activate first"):
        engine.synthesize(lambda app: None)


def test_a_process_has_one_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "_active", ("native", Path("/bindings")))
    engine.activate("native", Path("/bindings"))
    for kind, bindings in (("jsii", "/bindings"), ("native", "/others")):
        with pytest.raises(engine.EngineError, match="the native engine on /bindings is active already"):
            engine.activate("jsii" if kind == "jsii" else "native", Path(bindings))


def test_a_folder_without_bindings_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "_active", None)
    monkeypatch.setattr(sys, "modules", {})
    with pytest.raises(engine.EngineError, match=r"schema\.json: the bindings' schema cannot be read"):
        engine.activate("native", tmp_path)
    (tmp_path / "schema.json").write_text("[]")
    with pytest.raises(engine.EngineError, match="not a schema of bindings"):
        engine.activate("native", tmp_path)
    assert str(tmp_path) not in sys.path and engine.active() is None


@pytest.mark.parametrize("module", ["cdktf", "constructs", "jsii"])
def test_an_engine_comes_before_the_first_import_of_the_bindings(module: str) -> None:
    done = run(
        f"import sys, types; sys.modules['{module}'] = types.ModuleType('{module}')\n"
        "from pathlib import Path; from generator import engine\n"
        "engine.activate('native', Path(sys.argv[1]))"
    )
    assert "EngineError" in done.stderr and "must be activated before" in done.stderr


def test_native_starts_neither_node_nor_what_jsii_needs_to_talk_to_it() -> None:
    done = run(
        "import sys; from pathlib import Path; from generator import engine\n"
        "engine.activate('native', Path(sys.argv[1]))\n"
        "from generator.engine import core, google, postgresql, random\n"
        "google.project.Project, google.sql_database_instance.SqlDatabaseInstance\n"
        "print(sorted({'jsii._kernel', 'attr', 'cattrs', 'typeguard', 'dateutil'} & set(sys.modules)))"
    )
    assert done.stdout == "[]\n", done.stderr


def test_stacks_come_by_name_with_sources_in_full() -> None:
    native.activate()
    from generator.engine import core, google

    def build(app: core.App) -> None:
        for id in ("b", "a"):
            stack = core.TerraformStack(app, id)
            core.GcsBackend(stack, bucket="bucket", prefix=id)
            google.provider.GoogleProvider(stack, "google")

    made = engine.synthesize(build)
    assert list(made) == ["b", "a"]
    assert made["a"]["terraform"] == {
        "backend": {"gcs": {"bucket": "bucket", "prefix": "a"}},
        "required_providers": {
            "google": {"source": "registry.terraform.io/hashicorp/google", "version": "6.50.0"},
        },
    }
    assert made["a"]["//"]["metadata"] == {"backend": "gcs", "stackName": "a", "version": "0.21.0"}


def test_the_order_in_which_constructs_are_made_changes_nothing() -> None:
    native.activate()
    from generator.engine import core, google

    def build(app: core.App, order: int) -> None:
        stack = core.TerraformStack(app, "s")
        parts: list[Callable[[], object]] = [
            lambda: core.GcsBackend(stack, bucket="b"),
            lambda: google.provider.GoogleProvider(stack, "google", project="p"),
            lambda: google.service_account.ServiceAccount(stack, "a", account_id="a"),
            lambda: google.service_account.ServiceAccount(stack, "b", account_id="b"),
            lambda: core.TerraformOutput(stack, "x", value="1"),
            lambda: core.TerraformOutput(core.Construct(stack, "scope"), "y", value="2"),
        ]
        for part in parts[::order]:
            part()

    assert engine.synthesize(partial(build, order=1)) == engine.synthesize(partial(build, order=-1))


def test_what_a_stack_raises_passes_through() -> None:
    native.activate()

    def build(app: object) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        engine.synthesize(build)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["generate", "--root", "."], ["generate", "--root", ".", "--engine", "jsii"]),
        (["--engine", "native", "generate"], ["generate", "--engine", "jsii"]),
        (["generate", "--engine=native", "--engine-x"], ["generate", "--engine-x", "--engine", "jsii"]),
        (["generate", "--engine"], ["generate", "--engine", "jsii"]),
    ],
)
def test_the_same_run_on_the_reference(given: list[str], expected: list[str]) -> None:
    assert engine.rerun_on_jsii(given) == expected

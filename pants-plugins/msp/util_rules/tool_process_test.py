"""The one test that builds a virtual environment for real, as ./pants sets it up: slow, and needs the index."""

from __future__ import annotations

import os
import re
from textwrap import dedent

import pytest
from msp.subsystems import msp
from msp.util_rules import locked_requirements, release_archive, releases, tool, tool_process
from msp.util_rules.release_archive import MANIFEST, TOOLS_LOCK, Manifest, pack, sha256
from msp.util_rules.release_lock import ReleaseLock, render
from msp.util_rules.tool import MspTool, MspToolRequest, MspToolResult, MspVersion

from pants.backend.python.target_types import PythonSourcesGeneratorTarget
from pants.backend.python import target_types_rules
from pants.backend.python.dependency_inference import rules as dependency_inference
from pants.core.target_types import ResourceTarget
from pants.engine.fs import CreateDigest, Digest, DigestContents, FileContent
from pants.testutil.rule_runner import QueryRule, RuleRunner

PROGRAM = dedent(
    """\
    import json, os, pathlib, subprocess, sys

    from program.helper import GREETING

    if len(sys.argv) == 1:
        print(GREETING)
        sys.exit()
    out = pathlib.Path(sys.argv[1])
    out.mkdir()
    (out / "told").write_text(pathlib.Path("input").read_text() + pathlib.Path("fixed/kept").read_text())
    (out / "resource").write_text((pathlib.Path(__file__).parent / "data.txt").read_text())
    (out / "child").write_bytes(subprocess.check_output([sys.executable, "-m", "program"]))
    (out / "variables").write_text(" ".join(sorted(os.environ)))
    (out / "path").write_text(os.environ["PATH"])
    print(json.dumps({"version": 1, "files": [], "diagnostics": []}))
    """
)


_MODULES = (msp, tool, tool_process, locked_requirements, releases, target_types_rules, dependency_inference)


@pytest.fixture
def runner() -> RuleRunner:
    runner = RuleRunner(
        rules=[
            *(one for module in _MODULES for one in module.rules()),
            QueryRule(MspToolResult, [MspToolRequest]),
            QueryRule(DigestContents, [Digest]),
            QueryRule(Digest, [CreateDigest]),
        ],
        target_types=[PythonSourcesGeneratorTarget, ResourceTarget],
    )
    runner.set_options(
        [
            f"--pex-cli-url-template={os.environ['PANTS_PEX_CLI_URL_TEMPLATE']}",
            f"--pex-cli-version={os.environ['PANTS_PEX_CLI_VERSION']}",
            f"--pex-cli-known-versions={os.environ['PANTS_PEX_CLI_KNOWN_VERSIONS']}",
            f"--python-bootstrap-search-path={os.environ['PANTS_PYTHON_BOOTSTRAP_SEARCH_PATH']}",
            "--pex-executable-search-paths=['/usr/bin', '/bin']",
            "--python-enable-resolves",
            "--python-resolves={'python-default': 'lock.txt', 'generator': 'lock.txt'}",
            "--python-interpreter-constraints=['CPython>=3.11,<3.14']",
            "--source-root-patterns=['/lib']",
        ],
    )
    runner.write_files(
        {
            "lock.txt": "",
            "lib/program/BUILD": "python_sources(dependencies=[':data'])\nresource(name='data', source='data.txt')\n",
            "lib/program/__init__.py": "",
            "lib/program/__main__.py": PROGRAM,
            "lib/program/helper.py": "GREETING = 'hello'\n",
            "lib/program/data.txt": "data",
        }
    )
    return runner


NEEDS_PEX = pytest.mark.skipif(
    "PANTS_PEX_CLI_URL_TEMPLATE" not in os.environ, reason="not run through ./pants, which says where Pex is"
)


@NEEDS_PEX
def test_a_program_runs_on_its_own_sources_requirements_and_inputs(runner: RuleRunner) -> None:
    inputs, fixed = (
        runner.request(Digest, [CreateDigest([FileContent(path, content)])])
        for path, content in (("input", b"input "), ("kept", b"fixed"))
    )
    result = runner.request(
        MspToolResult,
        [
            MspToolRequest(
                MspTool("lib/program/__main__.py", "[msp].generator", "program"),
                argv=["out"],
                input_digest=inputs,
                immutable_inputs={"fixed": fixed},
                output_directory="out",
                description="Run the program",
            )
        ],
    )
    made = {file.path: file.content.decode() for file in runner.request(DigestContents, [result.output_digest])}
    assert made["out/told"] == "input fixed"
    assert made["out/resource"] == "data"
    assert made["out/child"] == "hello\n"
    assert made["out/path"] == "/usr/bin:/bin"
    leaked = set(made["out/variables"].split()) - {"PATH", "PWD", "PYTHONPATH", "SHLVL", "XDG_CACHE_HOME", "_"}
    assert not [name for name in leaked if not re.match("LC_|PEX|VIRTUAL_ENV|LANG|__PEX", name)]


@NEEDS_PEX
@pytest.mark.parametrize("lock", ["", "# A list of its own.\n"])
def test_a_release_runs_on_what_is_in_its_archive(runner: RuleRunner, lock: str) -> None:
    archive = pack(
        {
            MANIFEST: Manifest(1, ("old/lib",)).render(),
            TOOLS_LOCK: lock.encode(),
            f"{release_archive.PROGRAM}/old/lib/program/__init__.py": b"",
            f"{release_archive.PROGRAM}/old/lib/program/__main__.py": PROGRAM_OF_OLD.encode(),
        }
    )
    lock_file = render(ReleaseLock({"external": 1}, {1: sha256(archive)}, 1))
    runner.write_files({"releases/1.zip": archive, "releases/lock.yaml": lock_file})
    request = MspToolRequest(
        MspTool("lib/program/__main__.py", "[msp].generator", "program", MspVersion(1)),
        argv=["out"],
        input_digest=runner.request(Digest, [CreateDigest([])]),
        output_directory="out",
        description="Run the program",
    )
    result = runner.request(MspToolResult, [request])
    (made,) = runner.request(DigestContents, [result.output_digest])
    assert (made.path, made.content) == ("out/told", b"hello of old, 3.11+")


PROGRAM_OF_OLD = dedent(
    """\
    import json, os, sys

    os.mkdir(sys.argv[1])
    with open(sys.argv[1] + "/told", "w") as file:
        file.write("hello of old, " + ("3.11+" if sys.version_info >= (3, 11) else "too old"))
    print(json.dumps({"version": 1, "files": [], "diagnostics": []}))
    """
)

"""A RuleRunner with the backend's rules over the fake generator: all of the wiring, without building a PEX."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import dedent
from typing import Iterable, Mapping

from msp import register
from msp.goals import check, msp_generate, msp_resolve_images, msp_upgrade, package, tailor
from msp.subsystems import msp
from msp.util_rules import environments, expiry, generate, held, lag, losses, program, reference, releases, services, state, tool
from msp.util_rules.bindings import MspBindings
from msp.util_rules.protocol import CURRENT
from msp.util_rules.release_archive import MANIFEST, PROGRAM, Manifest
from msp.util_rules.releases import MspRelease
from msp.util_rules.tool import MspToolProcess, MspToolRequest, MspVersion
from msp.util_rules.work_tree import WorkTreeRelease

from pants.backend.python.target_types_rules import rules as python_rules
from pants.core.target_types import FileTarget
from pants.engine.fs import EMPTY_DIGEST, AddPrefix, CreateDigest, Digest, FileContent, MergeDigests, PathGlobs
from pants.engine.process import Process
from pants.engine.rules import Get, collect_rules, rule
from pants.engine.internals.parametrize import Parametrize
from pants.engine.target import Target
from pants.testutil.rule_runner import RuleRunner

FAKE_GENERATOR = (Path(__file__).parent / "fake_generator.py").read_bytes()

PLATFORM = {
    "BUILD": 'msp_platform(name="platform")\nfile(name="program", source="platform.yaml")\n',
    "platform.yaml": "organization: acme\n",
    # What the work tree's generator is like; a release has its own.
    "generator.txt": "as of old",
}


@rule
async def set_up_fake_process(request: MspToolRequest) -> MspToolProcess:
    script = await Get(Digest, CreateDigest([FileContent("fake_generator.py", FAKE_GENERATOR)]))
    if request.tool.version.release:
        program = (await Get(MspRelease, MspVersion, request.tool.version)).program
    else:
        program = await Get(Digest, PathGlobs(["generator.txt"]))
    input_digest = await Get(Digest, MergeDigests((request.input_digest, script, program)))
    return MspToolProcess(
        Process(
            (sys.executable, "fake_generator.py", request.tool.module, *request.argv),
            input_digest=input_digest,
            immutable_input_digests=request.immutable_inputs,
            output_directories=(request.output_directory,) if request.output_directory else (),
            description=request.description,
        )
    )


@rule
def no_bindings(version: MspVersion) -> MspBindings:
    return MspBindings(EMPTY_DIGEST)


@rule
async def collect_fake_work_tree() -> WorkTreeRelease:
    program = await Get(Digest, AddPrefix(await Get(Digest, PathGlobs(["generator.txt"])), PROGRAM))
    manifest = await Get(Digest, CreateDigest([FileContent(MANIFEST, Manifest(CURRENT, ("lib",)).render())]))
    return WorkTreeRelease(await Get(Digest, MergeDigests((program, manifest))))


def make_rule_runner(rules: Iterable[object] = (), target_types: Iterable[type[Target]] = ()) -> RuleRunner:
    """With the platform's files already written."""
    goals = (check, msp_generate, msp_resolve_images, msp_upgrade, package, tailor)
    modules = (msp, services, environments, tool, generate, losses, expiry, reference, state, releases, held, lag, program, *goals)
    runner = RuleRunner(
        rules=[*collect_rules(), *python_rules(), *(one for module in modules for one in module.rules()), *rules],
        target_types=[*register.target_types(), FileTarget, *target_types],
        aliases=[register.build_file_aliases()],
        objects={"parametrize": Parametrize},
    )
    # What every artefact depends on, besides the platform's settings: any target will do.
    runner.set_options(OPTIONS)
    runner.write_files(PLATFORM)
    return runner


OPTIONS = ["--msp-generator=//:program"]


def service(runner: RuleRunner, name: str, environments: Mapping[str, str], **files: str) -> None:
    """Declares a service: environment id → further lines of it, as YAML flow (`value: 1, doubtful: x`)."""
    spec = dedent(
        f"""\
        service: {{id: {name}}}
        environments:
        """
    ) + "".join(f"  - {{id: {environment}{', ' if more else ''}{more}}}\n" for environment, more in environments.items())
    runner.write_files(
        {
            f"services/{name}/BUILD": "msp_service()\n",
            f"services/{name}/service.yaml": spec,
            **{f"services/{name}/{path}": content for path, content in files.items()},
        }
    )

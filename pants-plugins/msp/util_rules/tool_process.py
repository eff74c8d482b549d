"""How a program of this repository is run: `python -m <module>` in a sandbox, on CPython 3.11 or later.

Its requirements are one virtual environment for a whole resolve, made once. Its sources are put beside it, so that editing
them builds nothing anew.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from msp.subsystems.msp import MspSubsystem
from msp.util_rules.locked_requirements import LockedRequirements, LockedRequirementsRequest
from msp.util_rules.releases import MspRelease
from msp.util_rules.tool import MspTool, MspToolProcess, MspToolRequest, MspVersion

from pants.backend.python.util_rules import pex, python_sources
from pants.backend.python.util_rules.pex import PexRequest, VenvPex, VenvPexProcess
from pants.backend.python.util_rules.python_sources import PythonSourceFiles, PythonSourceFilesRequest
from pants.engine.addresses import Addresses, UnparsedAddressInputs
from pants.engine.fs import Digest
from pants.engine.process import Process
from pants.engine.rules import Get, MultiGet, collect_rules, rule
from pants.engine.target import TransitiveTargets, TransitiveTargetsRequest
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

# Where a program's sources are in its sandbox.
_PROGRAM = "__program"
# Where it may keep things by content between runs, as jsii does with what it unpacks.
_CACHE = ".cache/msp"


@dataclass(frozen=True)
class MspToolRequirements:
    """The virtual environment of `[msp].tools_resolve`, or of a release's own list of requirements."""

    venv: VenvPex


@dataclass(frozen=True)
class MspToolSources:
    """A program's own files, at their paths in the repository, and the source roots among them."""

    digest: Digest
    source_roots: tuple[str, ...]


@rule(desc="Set up the requirements of the platform's programs", level=LogLevel.DEBUG)
async def set_up_requirements(version: MspVersion, msp: MspSubsystem) -> MspToolRequirements:
    text = (await Get(MspRelease, MspVersion, version)).tools_lock if version.release else None
    lock = await Get(LockedRequirements, LockedRequirementsRequest(msp.tools_resolve, text))
    request = PexRequest(
        output_filename="requirements.pex",
        internal_only=True,
        requirements=lock.requirements,
        interpreter_constraints=lock.interpreters,
        additional_inputs=lock.inputs,
        additional_args=lock.arguments,
    )
    return MspToolRequirements(await Get(VenvPex, PexRequest, request))


@rule(desc="Collect the sources of a program of the platform", level=LogLevel.DEBUG)
async def collect_sources(tool: MspTool) -> MspToolSources:
    if tool.version.release:
        release = await Get(MspRelease, MspVersion, tool.version)
        return MspToolSources(release.program, release.source_roots)
    addresses = await Get(
        Addresses,
        UnparsedAddressInputs([tool.address], owning_address=None, description_of_origin=f"the option `{tool.option}`"),
    )
    targets = await Get(TransitiveTargets, TransitiveTargetsRequest(addresses))
    sources = await Get(PythonSourceFiles, PythonSourceFilesRequest(targets.closure))
    return MspToolSources(sources.source_files.snapshot.digest, tuple(sources.source_roots))


@rule(level=LogLevel.DEBUG)
async def set_up_process(request: MspToolRequest) -> MspToolProcess:
    requirements, sources = await MultiGet(
        Get(MspToolRequirements, MspVersion, request.tool.version), Get(MspToolSources, MspTool, request.tool)
    )
    search_path = ":".join(f"{{chroot}}/{_PROGRAM}/{root}" for root in sources.source_roots)
    process = await Get(
        Process,
        VenvPexProcess(
            requirements.venv,
            argv=("-m", request.tool.module, *request.argv),
            input_digest=request.input_digest,
            output_directories=(request.output_directory,) if request.output_directory else (),
            extra_env={
                "PEX_EXTRA_SYS_PATH": search_path,
                # For another Python that the program itself may start.
                "PYTHONPATH": search_path,
                "XDG_CACHE_HOME": f"{{chroot}}/{_CACHE}",
            },
            append_only_caches={"msp": _CACHE},
            description=request.description,
            level=LogLevel.DEBUG,
        ),
    )
    # VenvPexProcess has no field for them.
    immutable = FrozenDict({**request.immutable_inputs, _PROGRAM: sources.digest})
    return MspToolProcess(dataclasses.replace(process, immutable_input_digests=immutable))


def rules():
    return (*collect_rules(), *pex.rules(), *python_sources.rules())

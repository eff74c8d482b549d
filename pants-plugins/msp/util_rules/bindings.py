"""The provider bindings, cut down to what the generator uses: a cached step, from the wheels as published.

Importing the Google bindings as published costs 15 s and 500 MB. The wheels are fetched by hash into a PEX that is never
run; the cutter reads them where they lie in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from msp.subsystems.msp import MspSubsystem
from msp.util_rules.locked_requirements import LockedRequirements, LockedRequirementsRequest
from msp.util_rules.releases import MspRelease
from msp.util_rules.tool import MspTool, MspToolRequest, MspToolResult, MspVersion

from pants.backend.python.util_rules import pex
from pants.backend.python.util_rules.pex import Pex, PexRequest
from pants.engine.fs import Digest, RemovePrefix, Snapshot
from pants.engine.rules import Get, collect_rules, rule
from pants.util.logging import LogLevel

_OUT = "bindings"


@dataclass(frozen=True)
class MspBindings:
    """The cut packages and `schema.json`, at the digest's root."""

    digest: Digest


@dataclass(frozen=True)
class PublishedBindings:
    """The wheels as published, somewhere in the digest."""

    digest: Digest
    wheels: tuple[str, ...]


@rule(desc="Fetch the provider bindings", level=LogLevel.DEBUG)
async def fetch_bindings(version: MspVersion, msp: MspSubsystem) -> PublishedBindings:
    text = (await Get(MspRelease, MspVersion, version)).bindings_lock if version.release else None
    lock = await Get(LockedRequirements, LockedRequirementsRequest(msp.bindings_resolve, text))
    bindings = await Get(
        Pex,
        PexRequest(
            output_filename="bindings.pex",
            internal_only=True,
            requirements=lock.requirements,
            interpreter_constraints=lock.interpreters,
            additional_inputs=lock.inputs,
            # The wheels as they are, not unpacked and packed again; and what they require is not wanted.
            additional_args=("--no-pre-install-wheels", "--ignore-errors", *lock.arguments),
            description="Fetch the provider bindings as published",
        ),
    )
    snapshot = await Get(Snapshot, Digest, bindings.digest)
    return PublishedBindings(bindings.digest, tuple(path for path in snapshot.files if path.endswith(".whl")))


@rule(desc="Cut the provider bindings", level=LogLevel.DEBUG)
async def cut_bindings(version: MspVersion, msp: MspSubsystem) -> MspBindings:
    published = await Get(PublishedBindings, MspVersion, version)
    result = await Get(
        MspToolResult,
        MspToolRequest(
            MspTool(msp.bindings_cutter, "[msp].bindings_cutter", "generator.bindings", version),
            argv=(*(part for wheel in published.wheels for part in ("--wheel", wheel)), "--out", _OUT),
            input_digest=published.digest,
            output_directory=_OUT,
            description="Cut the provider bindings down to what the generator uses",
        ),
    )
    return MspBindings(await Get(Digest, RemovePrefix(result.output_digest, _OUT)))


def rules():
    return (*collect_rules(), *pex.rules())

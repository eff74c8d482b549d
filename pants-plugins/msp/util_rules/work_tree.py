"""What a release would hold if it were cut now: everything that the work tree's generator runs from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from msp.subsystems.msp import MspSubsystem
from msp.util_rules.protocol import CURRENT
from msp.util_rules.release_archive import BINDINGS_LOCK, MANIFEST, PROGRAM, TOOLS_LOCK, Manifest
from msp.util_rules.tool import MspTool
from msp.util_rules.tool_process import MspToolSources

from pants.backend.python.util_rules import pex_requirements
from pants.backend.python.util_rules.pex_requirements import Lockfile, Resolve
from pants.engine.fs import AddPrefix, CreateDigest, Digest, DigestEntries, FileContent, FileEntry, MergeDigests, PathGlobs
from pants.engine.rules import Get, MultiGet, collect_rules, rule
from pants.util.logging import LogLevel


@dataclass(frozen=True)
class WorkTreeRelease:
    """The files of a release, as they lie in its archive."""

    digest: Digest


@rule(desc="Collect what the generator runs from", level=LogLevel.DEBUG)
async def collect_work_tree(msp: MspSubsystem) -> WorkTreeRelease:
    programs = await MultiGet(
        Get(MspToolSources, MspTool, tool)
        for tool in (
            MspTool(msp.generator, "[msp].generator", "generator"),
            MspTool(msp.bindings_cutter, "[msp].bindings_cutter", "generator.bindings"),
        )
    )
    lockfiles = await MultiGet(
        Get(Lockfile, Resolve(name, use_entire_lockfile=True)) for name in (msp.tools_resolve, msp.bindings_resolve)
    )
    locks = await MultiGet(Get(DigestEntries, PathGlobs([lockfile.url])) for lockfile in lockfiles)
    manifest = Manifest(CURRENT, tuple(sorted({root for one in programs for root in one.source_roots})))
    program, others = await MultiGet(
        Get(Digest, MergeDigests(one.digest for one in programs)),
        Get(
            Digest,
            CreateDigest(
                (
                    FileContent(MANIFEST, manifest.render()),
                    *(
                        replace(entry, path=name)
                        for name, entries in zip((TOOLS_LOCK, BINDINGS_LOCK), locks)
                        for entry in entries
                        if isinstance(entry, FileEntry)
                    ),
                )
            ),
        ),
    )
    prefixed = await Get(Digest, AddPrefix(program, PROGRAM))
    return WorkTreeRelease(await Get(Digest, MergeDigests((prefixed, others))))


def rules():
    return (*collect_rules(), *pex_requirements.rules())

"""The schemas and reference pages that are made from the spec's model."""

from __future__ import annotations

from dataclasses import dataclass

from msp.subsystems.msp import MspSubsystem
from msp.util_rules.tool import MspTool, MspToolRequest, MspToolResult

from pants.engine.fs import EMPTY_DIGEST, Digest, DigestEntries, FileEntry, RemovePrefix
from pants.engine.rules import Get, collect_rules, rule
from pants.util.logging import LogLevel

_OUT = "reference"


@dataclass(frozen=True)
class MspReference:
    """The files, at their paths in the repository."""

    files: tuple[FileEntry, ...]


@rule(desc="Generate schemas and reference pages", level=LogLevel.DEBUG)
async def generate_reference(msp: MspSubsystem) -> MspReference:
    result = await Get(
        MspToolResult,
        MspToolRequest(
            MspTool(msp.spec_model, "[msp].spec_model", "spec"),
            argv=("reference", "--json", "--out", _OUT),
            input_digest=EMPTY_DIGEST,
            output_directory=_OUT,
            description="Generate the schemas and reference pages of service.yaml and platform.yaml",
        ),
    )
    digest = await Get(Digest, RemovePrefix(result.output_digest, _OUT))
    entries = await Get(DigestEntries, Digest, digest)
    return MspReference(tuple(entry for entry in entries if isinstance(entry, FileEntry)))


def rules():
    return collect_rules()

"""What Terraform would destroy if the committed files became the generated ones: asked of the generator, where they differ.

A process of its own, and not an input of the one that generates: what is generated depends on the specs alone, and stays
cached while the committed files change. Where nothing differs, nothing runs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Iterable

from msp.subsystems.msp import MspSubsystem
from msp.util_rules.diffing import Difference
from msp.util_rules.envelope import Diagnostic
from msp.util_rules.output_tree import Comparison
from msp.util_rules.services import MspPlatform, MspService, MspServiceInputs
from msp.util_rules.tool import MspTool, MspToolRequest, MspToolResult

from pants.engine.fs import CreateDigest, Digest, FileEntry, MergeDigests
from pants.engine.rules import Get, MultiGet, collect_rules, rule
from pants.util.logging import LogLevel
from pants.util.strutil import pluralize

_COMMITTED, _GENERATED = "__committed", "__generated"


@dataclass(frozen=True)
class LossesRequest:
    """Files below `root`, of the environments that differ; `services` are those that are declared among them."""

    root: str
    services: tuple[MspService, ...]
    committed: tuple[FileEntry, ...]
    generated: tuple[FileEntry, ...]


@dataclass(frozen=True)
class MspLosses:
    """Findings about specs, or about folders below the output folder where a service is gone."""

    diagnostics: tuple[Diagnostic, ...]

    def about(self, service: MspService) -> bool:
        return any(service.owns(one.path) for one in self.diagnostics)


def request_losses(
    root: str,
    services: Iterable[MspService],
    differences: Iterable[Difference],
    committed: Iterable[FileEntry],
    generated: Iterable[FileEntry],
) -> LossesRequest:
    """Of the environments in which a committed file of Terraform would change or go."""
    paths = (path for one in differences for path in (*one.comparison.changed, *one.comparison.orphaned))
    homes = {home for path in paths if path.endswith((".tf", ".tf.json")) for home in [_environment(root, path)] if home}
    ids = {home.split("/")[0] for home in homes}
    return LossesRequest(
        root,
        tuple(service for service in services if service.id in ids),
        tuple(file for file in committed if _environment(root, file.path) in homes),
        tuple(file for file in generated if _environment(root, file.path) in homes),
    )


def _environment(root: str, path: str) -> str | None:
    """`<service>/<environment>` of a stack's file."""
    parts = path[len(root) + 1 :].split("/") if path.startswith(f"{root}/") else []
    return "/".join(parts[:2]) if len(parts) == 4 else None


def without_losses(root: str, losses: MspLosses, services: Iterable[MspService], difference: Difference) -> Difference:
    """What remains to be done: nothing of a service, declared or gone, of which something would be lost."""
    refused = {f"{root}/{service.id}/" for service in services if losses.about(service)}
    refused |= {f"{root}/{one.path[len(root) + 1 :].split('/')[0]}/" for one in losses.diagnostics if one.path.startswith(f"{root}/")}

    def kept(paths: Iterable[str]) -> tuple[str, ...]:
        return tuple(path for path in paths if not path.startswith(tuple(refused)))

    comparison = difference.comparison
    return replace(
        difference,
        comparison=Comparison(kept(comparison.missing), kept(comparison.changed), kept(comparison.orphaned)),
    )


@rule(desc="Look for what would be lost", level=LogLevel.DEBUG)
async def find_losses(request: LossesRequest, msp: MspSubsystem, platform: MspPlatform) -> MspLosses:
    if not request.committed:
        return MspLosses(())
    inputs = await MultiGet(Get(MspServiceInputs, MspService, service) for service in request.services)
    trees = await MultiGet(
        Get(Digest, CreateDigest(replace(file, path=top + file.path[len(request.root) :]) for file in files))
        for top, files in ((_COMMITTED, request.committed), (_GENERATED, request.generated))
    )
    result = await Get(
        MspToolResult,
        MspToolRequest(
            MspTool(msp.generator, "[msp].generator", "generator"),
            argv=(
                *("changes", "--root", ".", "--platform", platform.path, "--committed", _COMMITTED, "--generated", _GENERATED),
                *(part for service in request.services for part in ("--spec", service.spec_path)),
            ),
            input_digest=await Get(
                Digest, MergeDigests((platform.digest, *(one.spec_digest for one in inputs), *trees))
            ),
            description=f"Look for what {pluralize(len(request.committed), 'changed file')} would lose",
        ),
    )
    return MspLosses(result.envelope.diagnostics)


def rules():
    return collect_rules()

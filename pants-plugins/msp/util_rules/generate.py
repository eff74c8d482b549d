"""Runs the generator over services: a few services to a process, so that a cold run of many is cheap, and one edit too."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Iterable, Mapping, Sequence

from msp.subsystems.msp import MspSubsystem
from msp.util_rules.bindings import MspBindings
from msp.util_rules.envelope import Diagnostic, ordered
from msp.util_rules.held import MspServiceTiers, explain, foreign_protocols, without_known
from msp.util_rules.protocol import CURRENT, PROTOCOLS, GenerateCall
from msp.util_rules.release_lock import ReleaseLock
from msp.util_rules.releases import MspRelease, MspReleases
from msp.util_rules.services import MspPlatform, MspService, MspServiceInputs, MspServices
from msp.util_rules.tool import WORK_TREE, MspTool, MspToolRequest, MspToolResult, MspVersion

from pants.engine.fs import Digest, DigestEntries, FileEntry, MergeDigests, RemovePrefix
from pants.engine.rules import Get, MultiGet, collect_rules, rule
from pants.util.collections import partition_sequentially
from pants.util.logging import LogLevel
from pants.util.strutil import pluralize

_OUT = "generated"
_BINDINGS = "__bindings"


@dataclass(frozen=True)
class GenerateServicesRequest:
    """Everything that is made for these services; in any order, any number."""

    services: tuple[MspService, ...]

    def __init__(self, services: Iterable[MspService]) -> None:
        object.__setattr__(self, "services", tuple(sorted(set(services))))


@dataclass(frozen=True)
class GeneratedServices:
    """The files at `<service>/…`, and every finding. A service with an error among them has no files that count."""

    files: tuple[FileEntry, ...]
    diagnostics: tuple[Diagnostic, ...]

    def below(self, directory: str) -> tuple[FileEntry, ...]:
        """The files as they lie when the whole is put into a directory."""
        return tuple(replace(file, path=os.path.join(directory, file.path)) for file in self.files)


@dataclass(frozen=True)
class _Batch:
    """Services that one process makes. All have specs, and there are settings.

    version   of the generator
    tiers     of whose environments it makes the Terraform: a release its own, the work tree everything
    releases  tier → the release that makes its environments instead
    """

    services: tuple[MspService, ...]
    version: MspVersion = WORK_TREE
    tiers: tuple[str, ...] = ()
    releases: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class MspFindings:
    """What is wrong with all specs of the repository, and with the organisation's settings."""

    diagnostics: tuple[Diagnostic, ...]


@rule(desc="Generate services", level=LogLevel.DEBUG)
async def generate_services(
    request: GenerateServicesRequest, msp: MspSubsystem, platform: MspPlatform, releases: MspReleases
) -> GeneratedServices:
    inputs = await MultiGet(Get(MspServiceInputs, MspService, service) for service in request.services)
    problems = [platform.problem, *(one.problem for one in inputs)]
    protocols = await MultiGet(Get(MspRelease, MspVersion(one)) for one in releases.usable)
    uncalled = foreign_protocols(releases, [one.protocol for one in protocols])
    diagnostics = [*releases.diagnostics, *uncalled, *(problem for problem in problems if problem)]
    usable = not platform.problem and not releases.are_broken and not uncalled
    services = [service for service, one in zip(request.services, inputs) if usable and not one.problem]
    # Where no tier is held nobody asks for tiers, and everything is the work tree's.
    tiers = await MultiGet(Get(MspServiceTiers, MspService, service) for service in (services if releases.lock.held else ()))
    held = {service: one.held(releases.lock) for service, one in zip(services, tiers)}
    ours, theirs = _batches(services, held, releases.lock, msp.services_per_process)
    made = await MultiGet(Get(GeneratedServices, _Batch, batch) for batch in (*ours, *theirs))
    known = [diagnostic for one in made[: len(ours)] for diagnostic in one.diagnostics]
    told = [
        explain(diagnostic, batch.version.release or 0, releases.lock)
        for batch, one in zip(theirs, made[len(ours) :])
        for diagnostic in without_known(one.diagnostics, known)
    ]
    return GeneratedServices(tuple(file for one in made for file in one.files), ordered([*diagnostics, *known, *told]))


def _batches(
    services: Sequence[MspService], held: Mapping[MspService, frozenset[tuple[str, int]]], lock: ReleaseLock, size: int
) -> tuple[list[_Batch], list[_Batch]]:
    """What the work tree makes of these services, and what releases do. `held`: each one's tiers that are, with the release."""

    def cut(chosen: Iterable[MspService]) -> list[tuple[MspService, ...]]:
        batches = partition_sequentially(chosen, key=lambda s: s.directory, size_target=size, size_max=2 * size)
        return [tuple(batch) for batch in batches]

    ours = [
        _Batch(batch, releases=tuple(sorted({one for service in batch for one in held.get(service, ())})))
        for batch in cut(services)
    ]
    theirs = [
        _Batch(batch, MspVersion(release), lock.tiers_of(release))
        for release in lock.releases
        for batch in cut(service for service in services if release in dict(held.get(service, ())).values())
    ]
    return ours, theirs


@rule(desc="Generate a few services", level=LogLevel.DEBUG)
async def generate_batch(batch: _Batch, msp: MspSubsystem, platform: MspPlatform) -> GeneratedServices:
    bindings = await Get(MspBindings, MspVersion, batch.version)
    inputs = await MultiGet(Get(MspServiceInputs, MspService, service) for service in batch.services)
    input_digest = await Get(Digest, MergeDigests((platform.digest, *(one.digest for one in inputs))))
    protocol = (await Get(MspRelease, MspVersion, batch.version)).protocol if batch.version.release else CURRENT
    call = GenerateCall(
        platform=platform.path,
        bindings=_BINDINGS,
        out=_OUT,
        node=msp.node,
        specs=tuple(service.spec_path for service in batch.services),
        tiers=batch.tiers,
        releases=batch.releases,
    )
    by = f" by {batch.version.debug_hint()} of the generator" if batch.version.release else ""
    result = await Get(
        MspToolResult,
        MspToolRequest(
            MspTool(msp.generator, "[msp].generator", "generator", batch.version),
            argv=PROTOCOLS[protocol](call),
            input_digest=input_digest,
            immutable_inputs={_BINDINGS: bindings.digest},
            output_directory=_OUT,
            description=f"Generate {_names(batch.services)}{by}",
        ),
    )
    digest = await Get(Digest, RemovePrefix(result.output_digest, _OUT))
    entries = await Get(DigestEntries, Digest, digest)
    return GeneratedServices(
        tuple(entry for entry in entries if isinstance(entry, FileEntry)), result.envelope.diagnostics
    )


@rule(desc="Validate all specs", level=LogLevel.DEBUG)
async def validate_specs(msp: MspSubsystem, platform: MspPlatform, services: MspServices) -> MspFindings:
    """The rules between specs (two services with one project, or one domain) need all of them at once."""
    inputs = await MultiGet(Get(MspServiceInputs, MspService, service) for service in services)
    problems = tuple(one.problem for one in inputs if one.problem)
    if platform.problem:
        return MspFindings(ordered((platform.problem, *problems)))
    result = await Get(
        MspToolResult,
        MspToolRequest(
            MspTool(msp.spec_model, "[msp].spec_model", "spec"),
            argv=(
                *("validate", "--json", "--root", ".", "--platform", platform.path),
                *(service.spec_path for service, one in zip(services, inputs) if not one.problem),
            ),
            input_digest=await Get(Digest, MergeDigests((platform.digest, *(one.spec_digest for one in inputs)))),
            description=f"Validate {pluralize(len(services), 'spec')}",
        ),
    )
    return MspFindings(ordered((*problems, *result.envelope.diagnostics)))


def _names(services: tuple[MspService, ...]) -> str:
    return services[0].id if len(services) == 1 else f"{services[0].id} and {len(services) - 1} more"


def rules():
    return collect_rules()

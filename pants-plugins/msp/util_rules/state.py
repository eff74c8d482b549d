"""How the committed files stand to what would be generated now. `check` tells it, `msp-generate` makes it right."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Iterable

from msp.subsystems.msp import MspSubsystem
from msp.util_rules.diffing import Difference
from msp.util_rules.envelope import Diagnostic, ordered
from msp.util_rules.generate import GeneratedServices, GenerateServicesRequest, MspFindings
from msp.util_rules.losses import LossesRequest, MspLosses, request_losses, without_losses
from msp.util_rules.output_tree import FilesOwnership, Ownership, RepositoryOwnership, ServiceOwnership, compare
from msp.util_rules.reference import MspReference
from msp.util_rules.selection import Selection, ServiceSelection
from msp.util_rules.services import MspPlatform, MspService, MspServices

from pants.engine.fs import Digest, DigestEntries, FileEntry, PathGlobs
from pants.engine.rules import Get, MultiGet, collect_rules, rule
from pants.util.logging import LogLevel


@dataclass(frozen=True)
class MspState:
    """Everything there is to say about what is addressed. Paths are the repository's.

    diagnostics   findings about the addressed services, and about the settings that all depend on
    failed        addressed services that were not made, or whose making would lose something; their committed files
                  are left alone
    differences   one for each owner whose files are not what they should be
    generated     what the files should be
    committed     what they are
    """

    diagnostics: tuple[Diagnostic, ...]
    made: tuple[MspService, ...]
    failed: tuple[MspService, ...]
    differences: tuple[Difference, ...]
    generated: tuple[FileEntry, ...]
    committed: tuple[FileEntry, ...]

    @property
    def has_errors(self) -> bool:
        return any(diagnostic.is_error for diagnostic in self.diagnostics)


@dataclass(frozen=True)
class _CommittedFiles:
    files: tuple[FileEntry, ...]


@dataclass(frozen=True)
class _CommittedFilesRequest:
    globs: tuple[str, ...]


@rule
async def read_committed(request: _CommittedFilesRequest) -> _CommittedFiles:
    entries = await Get(DigestEntries, PathGlobs(request.globs))
    return _CommittedFiles(tuple(entry for entry in entries if isinstance(entry, FileEntry)))


@rule(desc="Compare what is committed with what is generated", level=LogLevel.DEBUG)
async def compare_with_committed(selection: Selection, msp: MspSubsystem) -> MspState:
    root = msp.output_directory
    services, platform = await MultiGet(Get(MspServices), Get(MspPlatform))
    chosen = tuple(one.service for one in selection.services)
    places = [root] if selection.platform else [os.path.join(root, service.id) for service in chosen]
    generated, findings, committed = await MultiGet(
        Get(GeneratedServices, GenerateServicesRequest(chosen)),
        Get(MspFindings),
        Get(_CommittedFiles, _CommittedFilesRequest(tuple(f"{place}/**" for place in places))),
    )
    everything = ordered((*findings.diagnostics, *generated.diagnostics))
    diagnostics = tuple(one for one in everything if services.owner_of(one.path, root) in (None, *chosen))
    wrong = {services.owner_of(one.path, root) for one in diagnostics if one.is_error}
    ids = [service.id for service in services]
    failed = tuple(one for one in chosen if one in wrong or None in wrong or ids.count(one.id) > 1)
    made = tuple(service for service in chosen if service not in failed)
    files = generated.below(root)
    owners = [
        (one.service.spec_path, f"{one.service.directory}::", _ownership(one, root, files))
        for one in selection.services
        if one.service in made
    ]
    committed_files = committed.files
    if selection.platform:
        reference, committed_reference = await MultiGet(
            Get(MspReference), Get(_CommittedFiles, _CommittedFilesRequest(platform.generated))
        )
        paths = frozenset(file.path for file in (*reference.files, *committed_reference.files))
        files = (*files, *reference.files)
        committed_files = (*committed_files, *committed_reference.files)
        declared = RepositoryOwnership(root, frozenset(service.id for service in services))
        mend = str(platform.address)
        owners += [("any BUILD file", mend, declared), ("the spec's model", mend, FilesOwnership(paths))]
    differences = _differences(owners, files, committed_files)
    losses = await Get(MspLosses, LossesRequest, request_losses(root, made, differences, committed_files, files))
    refused = tuple(service for service in made if losses.about(service))
    remaining = (without_losses(root, losses, made, difference) for difference in differences)
    return MspState(
        ordered((*diagnostics, *losses.diagnostics)),
        tuple(service for service in made if service not in refused),
        tuple(sorted((*failed, *refused))),
        tuple(difference for difference in remaining if not difference.comparison.is_clean),
        files,
        committed_files,
    )


def _ownership(selected: ServiceSelection, root: str, generated: Iterable[FileEntry]) -> ServiceOwnership:
    home = f"{root}/{selected.service.id}/"
    below = (file.path[len(home) :].split("/") for file in generated if file.path.startswith(home))
    declared = frozenset(parts[0] for parts in below if len(parts) > 1)
    environments = declared if selected.all_environments else selected.environments
    return ServiceOwnership(root, selected.service.id, environments, declared, selected.docs, selected.names)


def _differences(
    owners: Iterable[tuple[str, str, Ownership]], generated: Iterable[FileEntry], committed: Iterable[FileEntry]
) -> tuple[Difference, ...]:
    wanted = {file.path: file.file_digest.fingerprint for file in generated}
    standing = {file.path: file.file_digest.fingerprint for file in committed}
    found = (Difference(origin, mend, compare(wanted, standing, owner)) for origin, mend, owner in owners)
    return tuple(difference for difference in found if not difference.comparison.is_clean)


def rules():
    return collect_rules()

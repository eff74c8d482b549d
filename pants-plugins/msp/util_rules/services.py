"""Which services there are, where the organisation's settings are, and the files that each is made from."""

from __future__ import annotations

import os
from dataclasses import dataclass

from msp.subsystems.msp import MspSubsystem
from msp.target_types import (
    CONFORMANCE_FILE,
    CUSTOM_TERRAFORM,
    LOCK_FILE,
    README_FILE,
    SPEC_FILE,
    TABLE_SCHEMAS,
    MspInfraSourcesField,
    MspPlatformGeneratedField,
    MspPlatformSourceField,
)
from msp.util_rules.envelope import Diagnostic

from pants.engine.addresses import Address, Addresses, UnparsedAddressInputs
from pants.engine.collection import Collection
from pants.engine.fs import Digest, PathGlobs, Snapshot
from pants.engine.rules import Get, MultiGet, collect_rules, rule
from pants.engine.target import AllUnexpandedTargets, Targets
from pants.util.logging import LogLevel


class NoPlatformError(Exception):
    """The target with the organisation's settings is not there."""


@dataclass(frozen=True, order=True)
class MspService:
    """A declared service. Its id is the folder's name, which the spec has to repeat."""

    directory: str

    @property
    def id(self) -> str:
        return os.path.basename(self.directory)

    @property
    def spec_path(self) -> str:
        return os.path.join(self.directory, SPEC_FILE)

    @property
    def lock_path(self) -> str:
        return os.path.join(self.directory, LOCK_FILE)

    def owns(self, path: str) -> bool:
        """Whether a finding about this file is one about what somebody wrote for this service."""
        return path.startswith(f"{self.directory}/")


class MspServices(Collection[MspService]):
    """All services of the repository, in order."""

    def owner_of(self, path: str, output_directory: str) -> MspService | None:
        """Whose a finding about this file is: one service's, or None where all depend on it."""
        homes = ((service, home) for service in self for home in (service.directory, f"{output_directory}/{service.id}"))
        owners = [(len(home), service) for service, home in homes if path.startswith(f"{home}/")]
        return max(owners)[1] if owners else None


@dataclass(frozen=True)
class MspServiceInputs:
    """What a service's artefacts are made from, the spec with its locked images, and `problem` where there is no spec."""

    digest: Digest
    spec_digest: Digest
    problem: Diagnostic | None


@dataclass(frozen=True)
class MspPlatform:
    """The organisation's settings; `generated` are globs of what is made from the spec's model."""

    address: Address
    path: str
    digest: Digest
    generated: tuple[str, ...]
    problem: Diagnostic | None


@rule(desc="Find all services", level=LogLevel.DEBUG)
async def find_services(targets: AllUnexpandedTargets) -> MspServices:
    found = {MspService(target.address.spec_path) for target in targets if target.has_field(MspInfraSourcesField)}
    return MspServices(sorted(found))


@rule(desc="Collect what a service is made from", level=LogLevel.DEBUG)
async def collect_inputs(service: MspService) -> MspServiceInputs:
    globs = (SPEC_FILE, LOCK_FILE, README_FILE, CONFORMANCE_FILE, TABLE_SCHEMAS, f"{CUSTOM_TERRAFORM}/**/*.tf")
    digest, spec = await MultiGet(
        Get(Digest, PathGlobs(os.path.join(service.directory, glob) for glob in globs)),
        Get(Snapshot, PathGlobs([service.spec_path, service.lock_path])),
    )
    if service.spec_path in spec.files:
        return MspServiceInputs(digest, spec.digest, None)
    fix = f"write it (docs/reference/service-yaml.md tells what it says), or remove msp_service() from {service.directory}/BUILD"
    return MspServiceInputs(digest, spec.digest, _missing(service.spec_path, "the service's spec", fix))


@rule(desc="Find the organisation's settings", level=LogLevel.DEBUG)
async def find_platform(msp: MspSubsystem) -> MspPlatform:
    origin = "the option `[msp].platform`"
    addresses = await Get(Addresses, UnparsedAddressInputs([msp.platform], owning_address=None, description_of_origin=origin))
    (target,) = await Get(Targets, Addresses, addresses)
    if not target.has_field(MspPlatformSourceField):
        raise NoPlatformError(f"{origin} is {msp.platform}, which is a `{target.alias}` and not an `msp_platform` target")
    path = target[MspPlatformSourceField].file_path
    snapshot = await Get(Snapshot, PathGlobs([path]))
    problem = None
    if not snapshot.files:
        problem = _missing(path, "the organisation's settings", "write it (docs/reference/platform-yaml.md tells what it says)")
    return MspPlatform(
        target.address, path, snapshot.digest, target[MspPlatformGeneratedField].value or (), problem
    )


def _missing(path: str, expected: str, fix: str) -> Diagnostic:
    return Diagnostic(
        path=path, line=1, column=1, severity="error", code="missing-file", key="",
        found="no such file", expected=expected, fix=fix,
    )  # fmt: skip


def rules():
    return collect_rules()

"""`package`: a service's Terraform and guide under dist/."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Iterable

from msp.target_types import (
    MspDocsSourcesField,
    MspEnvironmentIdField,
    MspEnvironmentSourcesField,
    MspInfraSourcesField,
    MspServiceSourcesField,
)
from msp.util_rules.envelope import Diagnostic
from msp.util_rules.generate import GeneratedServices, GenerateServicesRequest
from msp.util_rules.output_tree import OPERATIONS_FILE
from msp.util_rules.services import MspService

from pants.core.goals.package import BuiltPackage, BuiltPackageArtifact, PackageFieldSet
from pants.engine.fs import CreateDigest, Digest, FileEntry
from pants.engine.rules import Get, collect_rules, rule
from pants.engine.unions import UnionRule
from pants.util.logging import LogLevel
from pants.util.strutil import pluralize


class WrongSpecError(Exception):
    """A service's spec, or the organisation's settings, have errors."""

    def __init__(self, service: MspService, diagnostics: Iterable[Diagnostic]) -> None:
        lines = [one.render() for one in diagnostics]
        super().__init__(f"{service.id} cannot be made:\n" + "\n".join(lines))


@dataclass(frozen=True)
class PackageServiceRequest:
    """The files of a service below one path of its output, as a package: all of an environment, or the guide."""

    service: MspService
    path: str
    output: str


@dataclass(frozen=True)
class PackageEnvironmentFieldSet(PackageFieldSet):
    required_fields = (MspEnvironmentSourcesField, MspEnvironmentIdField)
    sources: MspEnvironmentSourcesField
    environment: MspEnvironmentIdField


@dataclass(frozen=True)
class PackageInfraFieldSet(PackageFieldSet):
    """Only where the spec has no environments that could be read; then there are errors to show."""

    required_fields = (MspInfraSourcesField,)
    sources: MspInfraSourcesField


@dataclass(frozen=True)
class PackageDocsFieldSet(PackageFieldSet):
    required_fields = (MspDocsSourcesField,)
    sources: MspDocsSourcesField


@rule(desc="Package the Terraform of an environment", level=LogLevel.DEBUG)
async def package_environment(field_set: PackageEnvironmentFieldSet) -> BuiltPackage:
    return await Get(BuiltPackage, PackageServiceRequest, _request(field_set.sources, field_set.environment.value or ""))


@rule(desc="Package the Terraform of a service", level=LogLevel.DEBUG)
async def package_infra(field_set: PackageInfraFieldSet) -> BuiltPackage:
    return await Get(BuiltPackage, PackageServiceRequest, _request(field_set.sources, ""))


@rule(desc="Package an operations guide", level=LogLevel.DEBUG)
async def package_docs(field_set: PackageDocsFieldSet) -> BuiltPackage:
    return await Get(BuiltPackage, PackageServiceRequest, _request(field_set.sources, OPERATIONS_FILE))


def _request(sources: MspServiceSourcesField, path: str) -> PackageServiceRequest:
    """As Pants names packages: a folder for the BUILD file's, with what the target is called in it."""
    directory = sources.address.spec_path
    folder = directory.replace(os.sep, ".")
    is_guide = path == OPERATIONS_FILE
    return PackageServiceRequest(MspService(directory), path, os.path.join(folder, *([] if is_guide else ["infra"]), path))


@rule(desc="Package what is made for a service", level=LogLevel.DEBUG)
async def package_service(request: PackageServiceRequest) -> BuiltPackage:
    made = await Get(GeneratedServices, GenerateServicesRequest([request.service]))
    if any(diagnostic.is_error for diagnostic in made.diagnostics):
        raise WrongSpecError(request.service, made.diagnostics)
    inside = f"{request.service.id}/{request.path}"
    files = [
        replace(file, path=request.output + file.path[len(inside) :])
        for file in made.files
        if file.path == inside or file.path.startswith(f"{inside}/")
    ]
    digest = await Get(Digest, CreateDigest(files))
    return BuiltPackage(digest, (BuiltPackageArtifact(request.output, extra_log_lines=_contents(request, files)),))


def _contents(request: PackageServiceRequest, files: list[FileEntry]) -> tuple[str, ...]:
    if request.path == OPERATIONS_FILE:
        return ()
    # What stands beside the stacks, such as the order to apply them in, is no stack.
    made = [os.path.relpath(file.path, request.output) for file in files]
    stacks = sorted(os.path.dirname(path) for path in made if os.path.basename(path) == "cdk.tf.json")
    return (f"  {pluralize(len(stacks), 'stack')}: {', '.join(stacks)}",)


def rules():
    return (
        *collect_rules(),
        *(
            UnionRule(PackageFieldSet, field_set)
            for field_set in (PackageEnvironmentFieldSet, PackageInfraFieldSet, PackageDocsFieldSet)
        ),
    )

"""One target for each environment of a spec, and what every artefact of a service depends on."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass

from msp.subsystems.msp import MspSubsystem
from msp.target_types import (
    CUSTOM_TERRAFORM,
    LOCK_FILE,
    SPEC_FILE,
    TABLE_SCHEMAS,
    MspEnvironmentIdField,
    MspEnvironmentSourcesField,
    MspEnvironmentTarget,
    MspInfraTargetGenerator,
    MspServiceDependenciesField,
)
from msp.util_rules.services import MspService
from msp.util_rules.spec_peek import SpecPeek, peek

from pants.engine.addresses import Addresses, UnparsedAddressInputs
from pants.engine.fs import DigestContents, PathGlobs, Paths
from pants.engine.rules import Get, MultiGet, collect_rules, rule
from pants.engine.target import (
    FieldSet,
    GeneratedTargets,
    GenerateTargetsRequest,
    InferDependenciesRequest,
    InferredDependencies,
)
from pants.engine.unions import UnionMembership, UnionRule
from pants.util.logging import LogLevel

logger = logging.getLogger(__name__)


class GenerateEnvironmentTargetsRequest(GenerateTargetsRequest):
    generate_from = MspInfraTargetGenerator


@rule(desc="Find the environments of a service", level=LogLevel.DEBUG)
async def generate_environment_targets(
    request: GenerateEnvironmentTargetsRequest, union_membership: UnionMembership
) -> GeneratedTargets:
    service = MspService(request.generator.address.spec_path)
    custom = os.path.join(service.directory, CUSTOM_TERRAFORM)
    contents, custom_files, schemas = await MultiGet(
        Get(DigestContents, PathGlobs([service.spec_path])),
        Get(Paths, PathGlobs([f"{custom}/*/**/*.tf"])),
        Get(Paths, PathGlobs([os.path.join(service.directory, TABLE_SCHEMAS)])),
    )
    found = peek(service.spec_path, contents[0].content) if contents else SpecPeek(())
    if found.problem:
        logger.warning(f"{found.problem}; until that is mended, {request.generator.address} has fewer environments")
    return GeneratedTargets(
        request.generator,
        [
            MspEnvironmentTarget(
                {
                    **request.template,
                    MspEnvironmentIdField.alias: environment,
                    MspEnvironmentSourcesField.alias: (
                        SPEC_FILE,
                        LOCK_FILE,
                        *(os.path.relpath(file, service.directory) for file in schemas.files),
                        *(
                            os.path.relpath(file, service.directory)
                            for file in custom_files.files
                            if file.startswith(f"{custom}/{environment}/")
                        ),
                    ),
                },
                request.template_address.create_generated(environment),
                union_membership,
            )
            for environment in found.environments
        ],
    )


@dataclass(frozen=True)
class ServiceDependenciesFieldSet(FieldSet):
    required_fields = (MspServiceDependenciesField,)
    dependencies: MspServiceDependenciesField


class InferServiceDependenciesRequest(InferDependenciesRequest):
    infer_from = ServiceDependenciesFieldSet


@rule(desc="Find what a service's artefacts depend on", level=LogLevel.DEBUG)
async def infer_service_dependencies(request: InferServiceDependenciesRequest, msp: MspSubsystem) -> InferredDependencies:
    addresses = await MultiGet(
        Get(Addresses, UnparsedAddressInputs([spec], owning_address=None, description_of_origin=f"the option `{option}`"))
        for option, spec in (("[msp].platform", msp.platform), ("[msp].generator", msp.generator))
    )
    return InferredDependencies(address for group in addresses for address in group)


def rules():
    return (
        *collect_rules(),
        UnionRule(GenerateTargetsRequest, GenerateEnvironmentTargetsRequest),
        UnionRule(InferDependenciesRequest, InferServiceDependenciesRequest),
    )

"""What a service's program is made of: its entry point, and the parts of the runtime library that its spec asks for.

The library opens what the environment has by the package's name (`runtime.postgres.provided`), so that no import leads from
its core to a driver. What the spec declares is added here instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Union

from msp.target_types import MspAppDependenciesField, MspDevDependenciesField, MspEntryPointField
from msp.util_rules.services import MspService
from msp.util_rules.spec_peek import peek_resources

from pants.backend.python.dependency_inference import module_mapper
from pants.backend.python.dependency_inference.module_mapper import PythonModuleOwners, PythonModuleOwnersRequest
from pants.backend.python.subsystems.setup import PythonSetup
from pants.backend.python.target_types import PythonResolveField
from pants.engine.addresses import Address
from pants.engine.fs import DigestContents, PathGlobs
from pants.engine.rules import Get, MultiGet, collect_rules, rule
from pants.engine.target import FieldSet, InferDependenciesRequest, InferredDependencies
from pants.engine.unions import UnionRule
from pants.util.logging import LogLevel

DEV = "runtime.dev.__main__"
# The run starts them by name.
DEV_PARTS = ("runtime.dev.reaper", "runtime.dev.seeding")


@dataclass(frozen=True)
class ModuleOwnersRequest:
    """Modules, some of which there may not be."""

    modules: tuple[str, ...]
    resolve: str | None
    locality: str


@dataclass(frozen=True)
class ModuleOwners:
    addresses: tuple[Address, ...]


@rule(level=LogLevel.DEBUG)
async def find_owners(request: ModuleOwnersRequest) -> ModuleOwners:
    found = await MultiGet(
        Get(PythonModuleOwners, PythonModuleOwnersRequest(module, request.resolve, request.locality))
        for module in request.modules
    )
    return ModuleOwners(tuple(sorted({address for one in found for address in one.unambiguous})))


@dataclass(frozen=True)
class AppFieldSet(FieldSet):
    required_fields = (MspAppDependenciesField, MspEntryPointField, PythonResolveField)
    dependencies: MspAppDependenciesField
    entry_point: MspEntryPointField
    resolve: PythonResolveField


@dataclass(frozen=True)
class DevFieldSet(FieldSet):
    required_fields = (MspDevDependenciesField, MspEntryPointField, PythonResolveField)
    dependencies: MspDevDependenciesField
    entry_point: MspEntryPointField
    resolve: PythonResolveField


class InferAppDependenciesRequest(InferDependenciesRequest):
    infer_from = AppFieldSet


class InferDevDependenciesRequest(InferDependenciesRequest):
    infer_from = DevFieldSet


@rule(desc="Find what a service's program is made of", level=LogLevel.DEBUG)
async def infer_app_dependencies(
    request: InferAppDependenciesRequest, python_setup: PythonSetup
) -> InferredDependencies:
    field_set = request.field_set
    service = MspService(field_set.address.spec_path)
    spec = await Get(DigestContents, PathGlobs([service.spec_path]))
    resources = peek_resources(spec[0].content) if spec else ()
    main = main_of(field_set.entry_point.module(service.directory))
    modules = (main, *(f"runtime.{one}.provided" for one in sorted(resources)))
    owners = await Get(ModuleOwners, ModuleOwnersRequest, _owners_of(modules, field_set, python_setup))
    return InferredDependencies(owners.addresses)


@rule(desc="Find what runs a service on this machine", level=LogLevel.DEBUG)
async def infer_dev_dependencies(
    request: InferDevDependenciesRequest, python_setup: PythonSetup
) -> InferredDependencies:
    field_set = request.field_set
    package = field_set.entry_point.module(field_set.address.spec_path).partition(".")[0]
    modules = (DEV, *DEV_PARTS, f"{package}.dev")
    owners = await Get(ModuleOwners, ModuleOwnersRequest, _owners_of(modules, field_set, python_setup))
    app = Address(field_set.address.spec_path, target_name="app")
    return InferredDependencies((app, *owners.addresses))


def main_of(module: str) -> str:
    """The module whose file `python -m` runs: that of a package is its `__main__`."""
    return module if module.endswith(".__main__") else f"{module}.__main__"


def _owners_of(
    modules: Iterable[str], field_set: Union[AppFieldSet, DevFieldSet], python_setup: PythonSetup
) -> ModuleOwnersRequest:
    resolve = field_set.resolve.normalized_value(python_setup)
    return ModuleOwnersRequest(tuple(modules), resolve, field_set.address.spec_path)


def rules():
    return (
        *collect_rules(),
        *module_mapper.rules(),
        UnionRule(InferDependenciesRequest, InferAppDependenciesRequest),
        UnionRule(InferDependenciesRequest, InferDevDependenciesRequest),
    )

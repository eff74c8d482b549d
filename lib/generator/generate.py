"""From specs to files: everything that is made for a set of services, in memory, with everything that is wrong.

Services are independent of each other: what is made for one does not depend on which others are made with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator import home
from generator.conformance import read_conformance
from generator.context import Context
from generator.custom import Custom, read_custom
from generator.description import describe
from generator.docs.guide import ServiceGuide, render
from generator.engine import core, synthesize
from generator.release import release_files
from generator.render import STACK_ORDER, render_service
from generator.share import Share
from generator.stacks import delivery
from generator.stacks.scope import stack_id
from generator.tables import read_tables
from generator.terraform.canonical import canonicalise
from generator.terraform.environment import validate_environment
from generator.terraform.findings import Finding
from generator.terraform.schema import Schema
from generator.terraform.validate import validate_stack
from spec.conformance import Conformance
from spec.description import FILE
from spec.diagnostics import Diagnostic, has_errors, ordered
from spec.loader import Fleet, LoadedService
from spec.platform import Platform

Stacks = Mapping[str, Mapping[str, Any]]
"""Stack name, in the order to apply -> Terraform JSON."""


@dataclass(frozen=True)
class Generated:
    """What was made."""

    files: Mapping[str, bytes]
    """Path below the output folder (`<service>/…`) -> content."""
    diagnostics: tuple[Diagnostic, ...]


def generate(fleet: Fleet, root: Path, schema: Schema, share: Share = Share()) -> Generated:
    """Make every valid service of the fleet, as far as it is in the share; the engine must have been activated.

    Raises `generator.engine.Unsupported` where the engine lacks something.
    """
    if fleet.platform is None:
        return Generated({}, fleet.diagnostics)
    files: dict[str, bytes] = {}
    findings = list(fleet.diagnostics)
    tables = {service.spec.service.id: read_tables(root, service) for service in fleet.services}
    findings.extend(found for read in tables.values() for found in read.diagnostics)
    services = [service for service in fleet.services if not has_errors(tables[service.spec.service.id].diagnostics)]
    schemas = {id: read.schemas for id, read in tables.items()}
    fleet_stacks = synthesize_stacks(services, fleet.platform, schemas)
    for service in services:
        id = service.spec.service.id
        stacks = fleet_stacks[id]
        names = {env: list(by_name) for env, by_name in stacks.items()}
        custom = read_custom(root, service.directory, names, service.elsewhere)
        findings.extend(custom.diagnostics)
        if has_errors(custom.diagnostics):
            continue
        measured, problems = read_conformance(root, service)
        findings.extend(problems)
        contexts = contexts_of(service, fleet.platform, schemas[id])
        for context in contexts:
            env = context.environment.id
            if share.has(context.environment):
                files.update(_environment_files(service, context, stacks[env], custom))
                findings.extend(_invalid(f"infra-out/{id}/{env}", env, stacks, schema))
        if share.has_guide:
            guide = _guide(service, contexts, stacks, custom, share, measured)
            files[f"{id}/{FILE}"] = describe(guide)
            files[f"{id}/operations.md"] = render(guide).encode()
    return Generated(files, ordered(findings))


def synthesize_stacks(
    services: Sequence[LoadedService], platform: Platform, tables: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, dict[str, Stacks]]:
    """Service id -> environment id -> its stacks, as the engine gives them. `tables`: service id -> its schemas."""
    contexts = {
        (id := service.spec.service.id): contexts_of(service, platform, (tables or {}).get(id)) for service in services
    }

    def build(app: core.App) -> None:
        for of_service in contexts.values():
            render_service(app, of_service)

    raw = synthesize(build)
    return {
        id: {
            context.environment.id: {
                name: home.finished(raw[stack_id(context, name)], platform.terraform.engine)
                for name in STACK_ORDER
                if stack_id(context, name) in raw
            }
            for context in of_service
        }
        for id, of_service in contexts.items()
    }


def contexts_of(
    service: LoadedService, platform: Platform, tables: Mapping[str, str] | None = None
) -> list[Context]:
    """One for each environment, in the spec's order. `tables`: the columns of the service's BigQuery tables."""
    return [Context.of(service.spec, environment, platform, tables) for environment in service.spec.environments]


def _environment_files(
    service: LoadedService, context: Context, stacks: Stacks, custom: Custom
) -> dict[str, bytes]:
    place, origin = f"{service.spec.service.id}/{context.environment.id}", service.path.as_posix()
    environment = context.environment.id
    files = {f"{place}/{name}": content for name, content in home.files(context, stacks, origin).items()}
    for path, content in release_files(context, origin).items():
        files[f"{place}/{delivery.NAME}/{path}"] = content
    for name, stack in stacks.items():
        folder = f"{place}/{name}"
        files[f"{folder}/cdk.tf.json"] = canonicalise(stack, origin=origin).encode()
        for file, content in custom.files.get((environment, name), {}).items():
            files[f"{folder}/{file}"] = content
    return files


def _invalid(folder: str, environment: str, service: Mapping[str, Stacks], schema: Schema) -> list[Diagnostic]:
    """What the providers' schemas say against the stacks of one environment: mistakes of the generator, not of a spec."""
    stacks = service[environment]
    others = [stack for id, by_name in service.items() if id != environment for stack in by_name.values()]
    between = validate_environment(stacks, others)
    return [
        _diagnostic(f"{folder}/{name}/cdk.tf.json", finding)
        for name, stack in stacks.items()
        for finding in (*validate_stack(stack, schema), *between.get(name, ()))
    ]


def _diagnostic(path: str, finding: Finding) -> Diagnostic:
    return Diagnostic(
        severity="error",
        code=f"terraform-{finding.code}",
        path=path,
        line=1,
        column=1,
        key=finding.key,
        found=finding.found,
        expected=finding.expected,
        fix=finding.fix or "report it: the generator made a stack that Terraform would refuse",
    )


def _guide(
    service: LoadedService,
    contexts: Sequence[Context],
    stacks: Mapping[str, Stacks],
    custom: Custom,
    share: Share,
    measured: Conformance | None,
) -> ServiceGuide:
    return ServiceGuide(
        contexts=tuple(contexts),
        stacks=stacks,
        custom={key: tuple(files) for key, files in custom.files.items()},
        spec_path=service.path.as_posix(),
        releases=share.releases,
        conformance=measured,
    )

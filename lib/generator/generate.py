"""From specs to files: everything that is made for a set of services, in memory, with everything that is wrong.

Services are independent of each other: what is made for one does not depend on which others are made with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator import home
from generator.context import Context
from generator.custom import Custom, read_custom
from generator.docs.guide import ServiceGuide, render
from generator.engine import core, synthesize
from generator.render import STACK_ORDER, render_environment
from generator.stacks.scope import stack_id
from generator.terraform.canonical import canonicalise
from generator.terraform.environment import validate_environment
from generator.terraform.findings import Finding
from generator.terraform.schema import Schema
from generator.terraform.validate import validate_stack
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


def generate(fleet: Fleet, root: Path, schema: Schema, environments: Sequence[str] = ()) -> Generated:
    """Make every valid service of the fleet; the engine must have been activated.

    `environments` narrows Terraform to those environment ids; the guide, which speaks of all of them, is then left out.
    Raises `generator.engine.Unsupported` where the engine lacks something.
    """
    if fleet.platform is None:
        return Generated({}, fleet.diagnostics)
    files: dict[str, bytes] = {}
    findings = list(fleet.diagnostics)
    fleet_stacks = synthesize_stacks(fleet.services, fleet.platform)
    for service in fleet.services:
        id = service.spec.service.id
        stacks = fleet_stacks[id]
        custom = read_custom(root, service.directory, {env: list(by_name) for env, by_name in stacks.items()})
        findings.extend(custom.diagnostics)
        if has_errors(custom.diagnostics):
            continue
        chosen = [env for env in stacks if not environments or env in environments]
        for env in chosen:
            context = Context.of(service.spec, service.spec.environment(env), fleet.platform)
            files.update(_environment_files(service, context, stacks[env], custom))
            findings.extend(_invalid(f"infra-out/{id}/{env}", stacks[env], schema))
        if not environments:
            files[f"{id}/operations.md"] = _guide(service, fleet.platform, stacks, custom)
    return Generated(files, ordered(findings))


def synthesize_stacks(services: Sequence[LoadedService], platform: Platform) -> dict[str, dict[str, Stacks]]:
    """Service id -> environment id -> its stacks, as the engine gives them."""
    contexts = [
        Context.of(service.spec, environment, platform)
        for service in services
        for environment in service.spec.environments
    ]

    def build(app: core.App) -> None:
        for context in contexts:
            render_environment(app, context)

    raw = synthesize(build)
    made: dict[str, dict[str, Stacks]] = {service.spec.service.id: {} for service in services}
    for context in contexts:
        made[context.spec.service.id][context.environment.id] = {
            name: home.finished(raw[stack_id(context, name)], platform.terraform.engine)
            for name in STACK_ORDER
            if stack_id(context, name) in raw
        }
    return made


def _environment_files(
    service: LoadedService, context: Context, stacks: Stacks, custom: Custom
) -> dict[str, bytes]:
    environment, origin = context.environment.id, service.path.as_posix()
    files = {
        f"{service.spec.service.id}/{environment}/{name}": content
        for name, content in home.files(context, stacks, origin).items()
    }
    for name, stack in stacks.items():
        folder = f"{service.spec.service.id}/{environment}/{name}"
        files[f"{folder}/cdk.tf.json"] = canonicalise(stack, origin=origin).encode()
        for file, content in custom.files.get((environment, name), {}).items():
            files[f"{folder}/{file}"] = content
    return files


def _invalid(folder: str, stacks: Stacks, schema: Schema) -> list[Diagnostic]:
    """What the providers' schemas say against the stacks of one environment: mistakes of the generator, not of a spec."""
    between = validate_environment(stacks)
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


def _guide(service: LoadedService, platform: Platform, stacks: Mapping[str, Stacks], custom: Custom) -> bytes:
    guide = ServiceGuide(
        contexts=tuple(
            Context.of(service.spec, environment, platform) for environment in service.spec.environments
        ),
        stacks=stacks,
        custom={key: tuple(files) for key, files in custom.files.items()},
        spec_path=service.path.as_posix(),
    )
    return render(guide).encode()

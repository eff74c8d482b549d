"""From specs to files: everything that is made for a set of services, in memory, with everything that is wrong.

Services are independent of each other: what is made for one does not depend on which others are made with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from generator.context import Context
from generator.custom import Custom, read_custom
from generator.docs import guide
from generator.engine import core, synthesize
from generator.render import STACK_ORDER, render_environment
from generator.stacks.scope import stack_id
from generator.terraform import canonical, validate
from generator.terraform.schema import Schema
from spec.diagnostics import Diagnostic
from spec.loader import Fleet, LoadedService
from spec.platform import Platform

Stacks = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""environment id -> stack name, in the order to apply -> Terraform JSON."""


@dataclass(frozen=True)
class Generated:
    """What was made."""

    files: Mapping[str, bytes]
    """Path below the output folder (`<service>/…`) -> content."""
    diagnostics: tuple[Diagnostic, ...]


def generate(
    fleet: Fleet, root: Path, schema: Schema, environments: Sequence[str] = (), origin: str = ""
) -> Generated:
    """Make every valid service of the fleet.

    `environments` narrows Terraform to those environment ids; the guide, which speaks of all of them, is then left out.
    The engine must have been activated. Raises `generator.engine.Unsupported` where the engine lacks something.
    """
    if fleet.platform is None:
        return Generated({}, fleet.diagnostics)
    files: dict[str, bytes] = {}
    findings: list[Diagnostic] = list(fleet.diagnostics)
    stacks = _synthesize(fleet.services, fleet.platform)
    for service in fleet.services:
        made = stacks[service.spec.service.id]
        custom = read_custom(root, service.directory, {env: list(by_name) for env, by_name in made.items()})
        findings.extend(custom.diagnostics)
        if any(diagnostic.severity == "error" for diagnostic in custom.diagnostics):
            continue
        chosen = {env: by_name for env, by_name in made.items() if not environments or env in environments}
        files.update(_terraform_files(service, chosen, custom))
        findings.extend(_validate(service, chosen, schema))
        if not environments:
            contexts = tuple(Context.of(service.spec, env, fleet.platform) for env in service.spec.environments)
            files[f"{service.spec.service.id}/operations.md"] = _guide(service, contexts, made, custom)
    return Generated(files, tuple(sorted(findings, key=Diagnostic.sort_key)))


def _synthesize(services: Sequence[LoadedService], platform: Platform) -> dict[str, Stacks]:
    """Service id -> its stacks, as the engine gives them."""
    contexts = [
        Context.of(service.spec, environment, platform)
        for service in services
        for environment in service.spec.environments
    ]

    def build(app: core.App) -> None:
        for context in contexts:
            render_environment(app, context)

    raw = synthesize(build)
    made: dict[str, dict[str, dict[str, Any]]] = {service.spec.service.id: {} for service in services}
    for context in contexts:
        by_name = {
            name: canonical.canonicalise(
                raw[stack_id(context, name)],
                origin=context.spec_path,
                terraform_version=platform.terraform.version,
            )
            for name in STACK_ORDER
            if stack_id(context, name) in raw
        }
        made[context.spec.service.id][context.environment.id] = by_name
    return made

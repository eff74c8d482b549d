"""What the platform demands of every stack's `terraform` block and of its providers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generator.terraform.address import from_default_registry
from generator.terraform.declarations import Declarations, Declared
from generator.terraform.findings import Finding, nearest
from generator.terraform.schema import ResourceType, Schema
from generator.terraform.types import describe_value

_QUALIFIED = re.compile(r"[a-z0-9.-]+\.[a-z0-9.-]+/[\w-]+/[\w-]+")
_EXACT = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.]+)?")
_BUILTIN = "terraform"


def check_settings(declarations: Declarations, schema: Schema) -> list[Finding]:
    """What is wrong with the backend, the required providers and their configurations."""
    findings = _check_backend(declarations.settings)
    for name, requirement in declarations.required_providers.items():
        findings += _check_requirement(name, requirement, schema)
    for address in declarations.providers:
        name = address.split(".")[0]
        if name not in declarations.required_providers:
            hint = (
                nearest(name, declarations.required_providers)
                or f"add it to required_providers with version {_version(name, schema)}"
            )
            expected = "a provider of terraform.required_providers"
            findings.append(Finding(f"provider.{address}", "", "unknown-provider", name, expected, hint))
    return findings


def check_provider_of(declared: Declared, known: ResourceType, declarations: Declarations) -> list[Finding]:
    """Whether the provider of a resource is required and configured."""
    local_name = declared.provider.split(".")[0]
    if known.provider == _BUILTIN:
        return []
    if local_name != known.provider:
        expected = f"{known.provider}, the provider that has {declared.type}"
        fix = f'set "provider": "{known.provider}"'
        return [Finding(declared.address, "provider", "wrong-provider", local_name, expected, fix)]
    if local_name not in declarations.required_providers:
        expected = f"{local_name} in terraform.required_providers"
        return [
            Finding(
                declared.address,
                "",
                "missing-provider",
                "no such provider",
                expected,
                "create the provider in the stack",
            )
        ]
    if declared.provider not in declarations.providers:
        expected = "a configured provider"
        fix = nearest(declared.provider, declarations.providers) or "create the provider in the stack"
        return [Finding(declared.address, "provider", "missing-provider", declared.provider, expected, fix)]
    return []


def _check_backend(settings: Mapping[str, Any]) -> list[Finding]:
    backend = settings.get("backend")
    if backend is None and isinstance(settings.get("cloud"), Mapping):
        return []
    if isinstance(backend, Mapping) and len(backend) == 1:
        return []
    found = "no backend" if not backend else f"{len(backend)} backends"
    fix = "without one, Terraform keeps the state in a file on the machine that runs it"
    return [Finding("terraform", "backend", "missing-backend", found, "exactly one backend", fix)]


def _check_requirement(name: str, requirement: Any, schema: Schema) -> list[Finding]:
    path = f"required_providers.{name}"
    if not isinstance(requirement, Mapping):
        expected = "source and version"
        return [Finding("terraform", path, "wrong-type", describe_value(requirement), expected)]
    findings = []
    source, version = str(requirement.get("source", "")), str(requirement.get("version", ""))
    provider = schema.providers.get(name, {})
    if not _QUALIFIED.fullmatch(source):
        expected = (
            f"a fully qualified source, such as {provider.get('source', 'registry.terraform.io/hashicorp/google')}"
        )
        findings.append(Finding("terraform", f"{path}.source", "provider-source", repr(source), expected))
    elif provider and from_default_registry(source) != provider["source"]:
        findings.append(Finding("terraform", f"{path}.source", "provider-source", repr(source), provider["source"]))
    if not _EXACT.fullmatch(version):
        expected = f"an exact version, such as {_version(name, schema)}"
        findings.append(Finding("terraform", f"{path}.version", "provider-version", repr(version), expected))
    elif provider and version != provider["version"]:
        expected = f"{provider['version']}, the version that the bindings are made for"
        findings.append(Finding("terraform", f"{path}.version", "provider-version", repr(version), expected))
    return findings


def _version(name: str, schema: Schema) -> str:
    return str(schema.providers.get(name, {}).get("version", "1.2.3"))

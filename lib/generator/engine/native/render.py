"""From a tree of constructs to Terraform JSON (App.synth and TerraformStack.toTerraform)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.engine.errors import EngineError
from generator.engine.native.backends import Backend
from generator.engine.native.elements import CDKTF_VERSION, App, Element, Stack
from generator.engine.native.merge import deep_merge
from generator.engine.native.outputs import Output
from generator.engine.native.resolve import Context, resolve
from generator.engine.native.resources import Provider, Resource
from generator.engine.native.tree import Construct


def stacks(app: App) -> dict[str, dict[str, Any]]:
    """Every stack's id → its Terraform JSON. Raises EngineError for what the reference refuses too."""
    rendered = {}
    for construct in app.walk():
        if isinstance(construct, Stack):
            if construct.id in rendered:
                raise EngineError(f"two stacks are called '{construct.id}': the second is '{construct.path}'")
            rendered[construct.id] = stack(construct)
    return rendered


def stack(construct: Stack) -> dict[str, Any]:
    """One stack's Terraform JSON."""
    elements = list(_elements(construct))
    if not any(isinstance(element, Backend) for element in elements):
        elements.append(Backend(None, construct, "local", {}))
    _check_providers(construct, elements)
    context = Context(construct.origin, construct.path)
    terraform: dict[str, Any] = {"//": {"metadata": _metadata(construct, elements), "outputs": _outputs(elements)}}
    for element in elements:
        deep_merge(terraform, resolve(element.fragment(), context), resolved=True)
    overrides = resolve(construct.overrides.values, context)
    return deep_merge(terraform, overrides, resolved=True)


def _elements(construct: Construct) -> Iterator[Element]:
    """The elements of a stack, without those of a stack inside it."""
    if isinstance(construct, Element):
        yield construct
    for child in construct.ordered_children():
        if not isinstance(child, Stack):
            yield from _elements(child)


def _check_providers(construct: Stack, elements: list[Element]) -> None:
    present = {element.kind.provider for element in elements if isinstance(element, Provider)}
    used = {element.kind.provider: None for element in elements if isinstance(element, Resource)}
    missing = [provider for provider in used if provider not in present]
    if missing:
        raise EngineError(
            f"Validation failed with the following errors: [{construct.path}] Found resources without a matching "
            f"provider construct. Please make sure to add provider constructs to your stack '{construct.id}' "
            f"for the following providers: {', '.join(missing)}"
        )


def _metadata(construct: Stack, elements: list[Element]) -> dict[str, Any]:
    metadata: dict[str, Any] = {"version": CDKTF_VERSION, "stackName": construct.id, "backend": "local"}
    overrides: dict[str, list[str]] = {}
    if construct.overrides.values:
        overrides["stack"] = list(construct.overrides.values)
    for element in elements:
        if isinstance(element, Backend):
            metadata["backend"] = element.name
        key = element.overrides_key()
        if key is not None and element.overrides.values:
            overrides[key] = [*overrides.get(key, []), *element.overrides.values]
    if overrides:
        metadata["overrides"] = overrides
    return metadata


def _outputs(elements: list[Element]) -> dict[str, Any]:
    """The outputs' Terraform names, nested by construct path."""
    outputs: dict[str, Any] = {}
    for element in elements:
        if isinstance(element, Output):
            *scopes, last = element.path.split("/")
            nested: dict[str, Any] = {last: element.logical_id}
            for scope in reversed(scopes):
                nested = {scope: nested}
            deep_merge(outputs, nested)
    return outputs

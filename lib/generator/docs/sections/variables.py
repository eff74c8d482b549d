"""The environment variables that the container finds, and where each value comes from. Never a secret's value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.docs.inline import Inline, Text, code, fmt
from generator.docs.markdown import Block, Blocks, heading, paragraph, table
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.terraform_json import Stack, containers_variables, is_reference, remote_output, resolve, with_placeholders
from spec import constants

STACK = "run"


def title(environment: EnvironmentGuide) -> str:
    return f"Variables of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = [
        heading(2, "Environment variables"),
        paragraph(
            fmt("What the container finds, as stack {} sets it: the platform's first, then the spec's.", code(STACK))
        ),
    ]
    for environment in guide.environments:
        found += [
            heading(3, title(environment), environment.id),
            table(("Variable", "Meaning", "Value"), _rows(environment)),
        ]
    return found


def plain_value(environment: EnvironmentGuide, name: str) -> str | None:
    """The value of a variable that doesn't wait for Terraform; None where there is no such variable."""
    stack = environment.stack(STACK)
    value = containers_variables(stack).get(name, {}).get("value")
    return resolve(stack, value) if isinstance(value, str) and not is_reference(value) else None


def _rows(environment: EnvironmentGuide) -> Iterator[tuple[Text, ...]]:
    stack = environment.stack(STACK)
    found = containers_variables(stack)
    for variable in constants.CONTRACT:
        # The contract's texts are the platform's own, with Markdown in them.
        meaning = Inline(variable.meaning)
        if variable.name in found:
            yield code(variable.name), meaning, _value(stack, found[variable.name])
        elif variable.kind == "injected" and environment.workload.answers:
            yield code(variable.name), meaning, fmt("{}, by Cloud Run", code(constants.CONTAINER_PORT))
    contract = {variable.name for variable in constants.CONTRACT}
    for name in sorted(found.keys() - contract):
        yield code(name), "From the spec.", _value(stack, found[name])


def _value(stack: Stack, variable: Mapping[str, Any]) -> Text:
    if "value_source" in variable:
        return _secret(variable["value_source"])
    value = str(variable.get("value", ""))
    if not is_reference(value):
        return code(resolve(stack, value))
    output, words = remote_output(value), with_placeholders(value)
    if output is None:
        return "computed by Terraform" if words is None else code(words)
    return fmt("output {} of stack {}", code(output[1]), code(output[0]))


def _secret(source: Mapping[str, Any]) -> Text:
    reference = source["secret_key_ref"]
    secret, version = str(reference["secret"]), str(reference["version"])
    output = remote_output(secret)
    if output is not None:
        return fmt("secret: output {} of stack {}", code(output[1]), code(output[0]))
    return fmt("secret {}, version {}", code(secret), version)

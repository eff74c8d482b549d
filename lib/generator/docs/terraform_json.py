"""What the guide reads out of the stacks' Terraform JSON, so that it can't say anything else than what is applied."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Stack = Mapping[str, Any]
"""One stack's Terraform JSON."""

REMOTE_OUTPUT = re.compile(r"\$\{data\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)\}")
ATTRIBUTE = re.compile(r"\$\{([\w-]+)\.([\w-]+)\.([\w-]+)\}")


@dataclass(frozen=True)
class Resource:
    kind: str
    id: str
    body: Mapping[str, Any]
    stack: Stack

    def value(self, *path: str) -> Any:
        """What is at `path`, through blocks; None where there is nothing."""
        value: Any = self.body
        for key in path:
            value = _single(value)
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    def text(self, *path: str) -> str:
        """The text at `path`, following a reference to a resource of the same stack; empty where there is none."""
        value = self.value(*path)
        return resolve(self.stack, value) if isinstance(value, str) else ""


def resources(stack: Stack, kind: str | None = None) -> Iterator[Resource]:
    """The stack's resources, of one Terraform type or all; sorted by type and id."""
    by_kind: Mapping[str, Mapping[str, Mapping[str, Any]]] = stack.get("resource", {})
    for found in sorted(by_kind if kind is None else {kind} & by_kind.keys()):
        for id, body in sorted(by_kind[found].items()):
            yield Resource(found, id, body, stack)


def first(stack: Stack, kind: str) -> Resource | None:
    return next(resources(stack, kind), None)


def count(stack: Stack) -> Counter[str]:
    """How many resources of each Terraform type."""
    return Counter(resource.kind for resource in resources(stack))


def resolve(stack: Stack, text: str) -> str:
    """Follow `${type.id.attribute}` as far as it leads to a value in this stack; unescape text that is a literal."""
    seen = set()
    while (match := ATTRIBUTE.fullmatch(text)) is not None and text not in seen:
        seen.add(text)
        kind, id, attribute = match.groups()
        value = stack.get("resource", {}).get(kind, {}).get(id, {}).get(attribute)
        if not isinstance(value, str):
            return text
        text = value
    return text if is_reference(text) else text.replace("$${", "${").replace("%%{", "%{")


def is_reference(text: str) -> bool:
    """Whether Terraform computes the value (or a part of it)."""
    return re.search(r"(?<!\$)\$\{|(?<!%)%\{", text) is not None


def remote_output(text: str) -> tuple[str, str] | None:
    """Stack and name of the output that a reference reads; None where it is something else."""
    match = REMOTE_OUTPUT.fullmatch(text)
    return (match[1], match[2]) if match else None


def with_placeholders(text: str) -> str | None:
    """Text around outputs of other stacks, each as a word in capitals; None where Terraform computes something else."""
    words = REMOTE_OUTPUT.sub(lambda match: match[2].upper(), text)
    return None if is_reference(words) else words


CONTAINERS = {"google_cloud_run_v2_service": 1, "google_cloud_run_v2_job": 2, "google_cloud_run_v2_worker_pool": 1}
"""What holds a container, and how many templates deep."""


def containers_variables(stack: Stack) -> dict[str, Mapping[str, Any]]:
    """The environment variables of the Cloud Run service's, job's or worker pool's container, by name, as Terraform has them."""
    for kind, depth in CONTAINERS.items():
        resource = first(stack, kind)
        if resource is not None:
            variables = resource.value(*["template"] * depth, "containers", "env") or []
            return {variable["name"]: variable for variable in variables}
    return {}


def _single(value: Any) -> Any:
    """A block that occurs once is written as itself or as a list of one."""
    return value[0] if isinstance(value, list) and value else value

"""What one stack declares: its resources, providers, locals and outputs, by address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from generator.terraform.schema import KINDS, Kind

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Declared:
    """One resource, data source or ephemeral resource as the stack declares it."""

    kind: Kind
    type: str
    name: str
    body: Json

    @property
    def address(self) -> str:
        """`google_project.main`, `data.google_project.main` or `ephemeral.random_password.main`."""
        return resource_address(self.kind, self.type, self.name)

    @property
    def provider(self) -> str:
        """The address of its provider's configuration: `google`, or `google.second` for an alias."""
        given = self.body.get("provider")
        return given if isinstance(given, str) else self.type.split("_")[0]

    @property
    def is_repeated(self) -> bool:
        """Whether it stands for several instances, so that the first step of a reference selects one."""
        return "count" in self.body or "for_each" in self.body


def resource_address(kind: Kind, type_name: str, name: str) -> str:
    """The address under which Terraform knows it."""
    prefix = "" if kind == "resource" else f"{kind}."
    return f"{prefix}{type_name}.{name}"


@dataclass(frozen=True)
class Declarations:
    """A stack's cdk.tf.json, with ways to look into it; parts of a wrong shape are taken as empty."""

    tf: Json

    @cached_property
    def resources(self) -> dict[str, Declared]:
        """Everything declared under `resource`, `data` and `ephemeral`, by address."""
        found = [
            Declared(kind=kind, type=type_name, name=name, body=body)
            for kind in KINDS
            for type_name, objects in _items(self.tf.get(kind))
            for name, body in _items(objects)
            if isinstance(body, Mapping)
        ]
        return {declared.address: declared for declared in found}

    @cached_property
    def locals(self) -> dict[str, Any]:
        """The local values."""
        return dict(_items(self.tf.get("locals")))

    @cached_property
    def outputs(self) -> dict[str, Any]:
        """The outputs' blocks."""
        return dict(_items(self.tf.get("output")))

    @cached_property
    def providers(self) -> dict[str, Json]:
        """The providers' configurations by address: `google`, `google.second`."""
        found: dict[str, Json] = {}
        for name, configurations in _items(self.tf.get("provider")):
            for body in configurations if isinstance(configurations, list) else [configurations]:
                if isinstance(body, Mapping):
                    found[f"{name}.{body['alias']}" if "alias" in body else name] = body
        return found

    @cached_property
    def required_providers(self) -> dict[str, Any]:
        """Local name → source and version."""
        return dict(_items(self.settings.get("required_providers")))

    @property
    def settings(self) -> Json:
        """The `terraform` block."""
        settings = self.tf.get("terraform")
        return settings if isinstance(settings, Mapping) else {}

    def declares(self, section: str, name: str) -> bool:
        """Whether the section, such as `variable` or `module`, has that name."""
        return any(known == name for known, _ in _items(self.tf.get(section)))


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    """The members of an object but for its remark; nothing for anything else."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            if name != "//":
                yield name, member

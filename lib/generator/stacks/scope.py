"""The frame that every stack shares: its state, its provider, its exports, its locals.

A stack is ordinary CDKTF. What this module adds is the one way in which stacks of an environment exchange values:
a stack `export`s a value into its state, hands the `Export` to the render module, and another stack `read`s it
through a `terraform_remote_state` data source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generator.context import Context
from generator.engine import core, google
from generator.stacks import state
from generator.stacks.locals import describe_local


@dataclass(frozen=True)
class Export:
    """A value that one stack keeps in its state for others to read."""

    environment: str
    """Id of the stack's environment."""
    stack: str
    name: str


@dataclass(frozen=True)
class Ephemeral:
    """A Terraform ephemeral resource: opened during a run, never written to plan or state (Terraform >= 1.11)."""

    address: str

    def attribute(self, name: str) -> str:
        return f"${{{self.address}.{name}}}"


class StackScope:
    """One Terraform root module under construction."""

    def __init__(self, app: core.App, context: Context, name: str) -> None:
        self.context = context
        self.name = name
        self.tf = core.TerraformStack(app, stack_id(context, name))
        self._moved: list[dict[str, str]] = []
        self._remote: dict[tuple[str, str], state.Read] = {}
        version = context.platform.terraform.version_in(context.environment.tier)
        self.tf.add_override("terraform.required_version", required_version(version))
        state.keep(self.tf, context, name)
        provider = google.provider.GoogleProvider(
            self.tf,
            "google",
            project=context.names.project_id,
            region=context.region,
            add_terraform_attribution_label=False,
        )
        # An override, because CDKTF rewrites the keys of a provider's maps: `managed-by` would become `managed_by`.
        provider.add_override("default_labels", context.names.labels)
        self.local("project_id", context.names.project_id)
        self.local("region", context.region)
        self.local("service_id", context.spec.service.id)
        self.local("environment_id", context.environment.id)
        self.local("tier", context.environment.tier)

    @property
    def lifecycle(self) -> core.TerraformResourceLifecycle | None:
        """The guard of stateful resources: Terraform refuses to destroy them unless the spec allows it."""
        if not self.context.safety.deletion_protection:
            return None
        return core.TerraformResourceLifecycle(prevent_destroy=True)

    def moved(self, old: str, new: str) -> None:
        """Say that the resource at the address `old` is now at `new`, in every environment that has it.

        For a rename in the generator: without this, each service would have to say it by hand (`generator.safety`).
        """
        self._moved.append({"from": old, "to": new})
        self.tf.add_override("moved", self._moved)

    def export(self, name: str, value: str, description: str) -> Export:
        """Keep `value` in this stack's state under `name`."""
        core.TerraformOutput(self.tf, name, value=value, description=description, static_id=True)
        return Export(self.context.environment.id, self.name, name)

    def read(self, export: Export) -> str:
        """A reference to what another stack has exported, of this environment or of another one of the service."""
        source = (export.environment, export.stack)
        if source not in self._remote:
            self._remote[source] = state.of(self.tf, self.context, *source)
        return self._remote[source](export.name)

    def local(self, name: str, value: Any) -> None:
        """Declare a local for hand-written Terraform; its name must stand in the documented table."""
        describe_local(self.name, name)
        core.TerraformLocal(self.tf, f"local-{name}", value).override_logical_id(name)

    def ephemeral(self, kind: str, name: str, arguments: dict[str, Any]) -> Ephemeral:
        """Declare an ephemeral resource. CDKTF 0.21 has no construct for these, so the block is written as it is."""
        self.tf.add_override(f"ephemeral.{kind}.{name}", arguments)
        return Ephemeral(f"ephemeral.{kind}.{name}")


def stack_id(context: Context, name: str) -> str:
    """The stack's id within one synthesis of many services: ids have no double dash, so this is unique."""
    return f"{context.spec.service.id}--{context.environment.id}--{name}"


def required_version(version: str) -> str:
    """The versions that may apply a stack: patch releases of the one that the organisation has chosen."""
    major, minor, _ = version.split(".")
    return f"~> {major}.{minor}.0"

"""What a guide is made from: the environments' contexts and their stacks' Terraform JSON, all in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from generator.context import Context
from generator.docs import log_filters
from generator.docs.shell import terraform
from generator.docs.terraform_json import Stack, resources
from spec.conformance import Conformance
from spec.model import Service
from spec.platform import Platform
from spec.platform.people import Owner
from spec.workloads import Workload

OUTPUT = "infra-out"
"""Where generated Terraform is committed, from the repository's root."""


@dataclass(frozen=True)
class EnvironmentGuide:
    """One environment as the sections see it."""

    context: Context
    stacks: Mapping[str, Stack]
    """In the order to apply."""
    custom: Mapping[str, tuple[str, ...]]
    """Stack -> names of the hand-written files that are carried into it."""
    release: int | None = None
    """The release of the generator that makes its Terraform; None where that is the work tree, like this guide."""

    @property
    def id(self) -> str:
        return self.context.environment.id

    @property
    def project_id(self) -> str:
        return self.context.names.project_id

    @property
    def region(self) -> str:
        return self.context.region

    @property
    def regions(self) -> tuple[str, ...]:
        """Every region that the service runs in, the home first."""
        return self.context.regions

    @property
    def run_name(self) -> str:
        """Name of the Cloud Run service, job or worker pool."""
        return self.context.names.service_name

    @property
    def workload(self) -> Workload:
        return self.context.workload

    @property
    def workload_filter(self) -> str:
        """Logging query that finds everything of the Cloud Run service, job or worker pool."""
        return log_filters.workload(self.workload, self.run_name)

    @property
    def url_map(self) -> str | None:
        """Name of the URL map that leads to the service: what the console calls the load balancer."""
        for resource in resources(self.stack("edge"), "google_compute_url_map"):
            if "default_service" in resource.body:
                return resource.text("name")
        return None

    def stack(self, name: str) -> Stack:
        """The stack's Terraform JSON; empty where the environment has no such stack."""
        return self.stacks.get(name, {})

    def folder(self, stack: str) -> str:
        """The stack's folder, from the repository's root."""
        return f"{OUTPUT}/{self.context.spec.service.id}/{self.id}/{stack}"

    def terraform(self, stack: str, *words: str) -> str:
        """A command on one stack, from the repository's root."""
        return terraform(self.context.platform.terraform.program, self.folder(stack), *words)


@dataclass(frozen=True)
class ServiceGuide:
    """Everything that the guide of one service says, and nothing that it would have to look up."""

    contexts: tuple[Context, ...]
    """One per environment, in the spec's order; at least one."""
    stacks: Mapping[str, Mapping[str, Stack]]
    """Environment id -> stack name, in the order to apply -> Terraform JSON."""
    custom: Mapping[tuple[str, str], Sequence[str]]
    """(environment id, stack) -> names of the hand-written files beside the service."""
    spec_path: str
    """Path of the service.yaml, from the repository's root."""
    releases: Mapping[str, int] = field(default_factory=dict)
    """Tier -> the release of the generator that makes its environments, where it is held at one."""
    conformance: Conformance | None = None
    """What the conformance kit measured of it; None where nothing is committed."""

    @cached_property
    def environments(self) -> tuple[EnvironmentGuide, ...]:
        return tuple(self._environment(context) for context in self.contexts)

    @property
    def service(self) -> Service:
        return self.contexts[0].spec.service

    @property
    def platform(self) -> Platform:
        return self.contexts[0].platform

    @property
    def owners(self) -> tuple[Owner, ...]:
        return tuple(self.platform.owners[owner] for owner in self.service.owners)

    @property
    def workload(self) -> Workload:
        return self.contexts[0].workload

    @property
    def noun(self) -> str:
        """What people call it: service, job or worker."""
        return self.service.kind

    @property
    def directory(self) -> str:
        """The service's directory, from the repository's root; empty for the root itself."""
        parent = str(PurePosixPath(self.spec_path).parent)
        return "" if parent == "." else parent

    @property
    def targets(self) -> str:
        """Everything of this service, as Pants is asked for it."""
        return f"{self.directory}::"

    @property
    def output(self) -> str:
        """Folder of the service's generated files."""
        return f"{OUTPUT}/{self.service.id}"

    def _environment(self, context: Context) -> EnvironmentGuide:
        id = context.environment.id
        return EnvironmentGuide(
            context=context,
            stacks=self.stacks[id],
            custom={
                stack: tuple(sorted(names)) for (environment, stack), names in self.custom.items() if environment == id
            },
            release=self.releases.get(context.environment.tier),
        )

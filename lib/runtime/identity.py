"""Who runs: what logs, traces, metrics and error reports say of their origin."""

from __future__ import annotations

from dataclasses import dataclass

from .contract import Contract


@dataclass(frozen=True)
class Identity:
    """A service or job in an environment, at a version."""

    name: str
    version: str
    environment: str
    project: str
    region: str
    on_platform: bool
    revision: str | None = None
    execution: str | None = None
    """Of a job: Cloud Run's id of this run."""

    @property
    def client_name(self) -> str:
        """How servers of databases and caches list the connections."""
        return f"{self.name} {self.environment}"

    @property
    def release(self) -> str:
        """How error reports name what runs."""
        return f"{self.name}@{self.version}"


def identity_of(contract: Contract, version: str) -> Identity:
    return Identity(
        name=contract.service_id,
        version=version,
        environment=contract.environment_id,
        project=contract.project,
        region=contract.region,
        on_platform=contract.on_platform,
        revision=contract.revision,
        execution=contract.job.execution if contract.job else None,
    )

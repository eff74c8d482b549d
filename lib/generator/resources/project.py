"""A Google Cloud project of its own for one environment, in its tier's folder, with only the APIs that it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google
from generator.resources.ids import slug


@dataclass(frozen=True)
class Config:
    project_id: str
    display_name: str
    folder_id: str
    billing_account: str
    labels: Mapping[str, str]
    apis: Sequence[str]
    lien_reason: str | None
    """Why the project must not be deleted, even by hand; None where it may be."""
    lifecycle: core.TerraformResourceLifecycle | None


@dataclass(frozen=True)
class Output:
    project_id: str
    number: str


def new(scope: Construct, id: str, config: Config) -> Output:
    project = google.project.Project(
        scope,
        id,
        project_id=config.project_id,
        name=config.display_name,
        folder_id=config.folder_id,
        billing_account=config.billing_account,
        labels=dict(config.labels),
        # The default network is open to the world on several ports.
        auto_create_network=False,
        deletion_policy="DELETE" if config.lifecycle is None else "PREVENT",
        lifecycle=config.lifecycle,
    )
    for api in config.apis:
        google.project_service.ProjectService(
            scope,
            f"{id}-{slug(api.removesuffix('.googleapis.com'))}",
            project=project.project_id,
            service=api,
            # Another stack's resources may still need it when this one goes.
            disable_on_destroy=False,
        )
    if config.lien_reason is not None:
        google.resource_manager_lien.ResourceManagerLien(
            scope,
            f"{id}-lien",
            parent=f"projects/{project.number}",
            restrictions=["resourcemanager.projects.delete"],
            origin="msp",
            reason=config.lien_reason,
        )
    return Output(project_id=project.project_id, number=project.number)

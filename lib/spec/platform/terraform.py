"""Terraform's home: which program, as whom, and where its state is."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from ..model.access import ZoneName
from ..model.base import Expect, Section, key
from ..model.tiered import Tier
from .forms import ServiceAccountEmail

BucketName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$"),
    Expect(
        "3 to 63 lower-case letters, digits, dashes, underscores and dots, starting and ending with letter or digit"
    ),
]

HcpOrganization = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{3,40}$"), Expect("3 to 40 letters, digits, dashes and underscores")
]

HcpProject = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9 _-]{1,38}[A-Za-z0-9_-]$"),
    Expect("3 to 40 letters, digits, spaces, dashes and underscores"),
]

TerraformVersion = Annotated[
    str,
    StringConstraints(pattern=r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$"),
    Expect("an exact version such as 1.11.4"),
]


class GcsState(Section):
    """A bucket of Cloud Storage that keeps Terraform's state."""

    bucket: BucketName = key(
        "The bucket. Each stack's state lies under <service>/<environment>/<stack>.",
        examples=("acme-terraform-state",),
        source="https://cloud.google.com/storage/docs/buckets#naming",
    )


class HcpState(Section):
    """Workspaces of HCP Terraform (formerly Terraform Cloud), Terraform Enterprise, or what speaks their protocol."""

    organization: HcpOrganization = key(
        "The organisation there. Each stack has a workspace <service>-<environment>-<stack>.",
        examples=("acme",),
        source="https://developer.hashicorp.com/terraform/cli/cloud/settings",
    )
    project: HcpProject | None = key(
        "The project in which workspaces are made.", default=None, default_text="the default project", examples=("msp",)
    )
    hostname: ZoneName | None = key(
        "The host. OpenTofu knows none by itself.",
        default=None,
        default_text="app.terraform.io",
        examples=("app.terraform.io",),
        source="https://developer.hashicorp.com/terraform/cli/cloud/settings",
    )

    @property
    def host(self) -> str:
        return self.hostname or "app.terraform.io"


class State(Section):
    """Where Terraform's state is kept: exactly one kind of backend."""

    gcs: GcsState | None = key("A bucket of Cloud Storage.", default=None, default_text="none")
    hcp: HcpState | None = key("Workspaces of HCP Terraform.", default=None, default_text="none")


class TierVersions(Section):
    """The exact versions in tiers that wait for a newer one. No tier is ahead of the tier before it."""

    test: TerraformVersion | None = key("In tier test.", default=None, default_text="`version`", examples=("1.11.4",))
    internal: TerraformVersion | None = key(
        "In tier internal.", default=None, default_text="`version`", examples=("1.11.4",)
    )
    external: TerraformVersion | None = key(
        "In tier external.", default=None, default_text="`version`", examples=("1.11.4",)
    )


class Terraform(Section):
    """Which Terraform applies the stacks, and as whom."""

    engine: Literal["terraform", "opentofu"] = key(
        "HashiCorp's Terraform, or OpenTofu: the program in the guide's commands and the registry of the providers.",
        default="terraform",
        source="https://opentofu.org/docs/intro/migration/",
    )
    version: TerraformVersion = key(
        "The exact version of that engine. At least 1.11, from which secrets can be written without being kept in the state.",
        examples=("1.11.4",),
        source="https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only",
    )
    versions: TierVersions = key(
        "Tiers that stay at an older version for now: a newer one goes through test, internal and external in this order.",
        default=TierVersions.model_construct(),
        examples=({"external": "1.11.4"},),
    )
    runner: ServiceAccountEmail = key(
        "The service account that applies.", examples=("terraform@acme-automation.iam.gserviceaccount.com",)
    )

    def version_in(self, tier: Tier) -> str:
        """The exact version for a tier's environments."""
        own: str | None = getattr(self.versions, tier)
        return own or self.version

    @property
    def program(self) -> str:
        """What people type."""
        return {"terraform": "terraform", "opentofu": "tofu"}[self.engine]

    @property
    def title(self) -> str:
        """What people call it."""
        return {"terraform": "Terraform", "opentofu": "OpenTofu"}[self.engine]

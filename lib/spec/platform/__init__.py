"""platform.yaml: the organisation's facts. No name, account, folder, domain or channel of theirs is in the code."""

from __future__ import annotations

from ..model.base import Section, key
from ..model.service import OwnerId
from .ci import Ci
from .forms import WebAddress
from .organization import BillingAccount, DnsZone, Folders, LabelKey, LabelValue, Organization, Regions, Registry
from .people import Analysts, Notifications, Owner, PlatformAccess
from .perimeter import Perimeter
from .authorization import PlatformAuthorization
from .telemetry import PlatformTelemetry
from .terraform import State, Terraform


class Platform(Section):
    """The organisation's facts."""

    organization: Organization = key("Whose platform this is.")
    billing_account: BillingAccount = key(
        "Account that pays for every project.",
        examples=("01AB23-4567CD-89EF01",),
        source="https://cloud.google.com/billing/docs/how-to/find-billing-account-id",
    )
    folders: Folders = key("Folder of Google Cloud under which each tier's projects are made.")
    state: State = key("Where Terraform's state is kept: exactly one kind of backend.")
    terraform: Terraform = key("Which Terraform applies the stacks, and as whom.")
    registry: Registry = key("Where images are.")
    regions: Regions = key("Where services may run.")
    domains: tuple[DnsZone, ...] = key("DNS zones in which services may have names.", default=())
    owners: dict[OwnerId, Owner] = key(
        "The teams that own services, by their id.",
        min_length=1,
        examples=(
            {
                "identity": {
                    "name": "Identity",
                    "group": "identity@acme.example",
                    "chat": "#team-identity",
                    "email": "identity@acme.example",
                }
            },
        ),
    )
    notifications: Notifications = key(
        "Where the alerts of every service go, besides the owners'.", default=Notifications.model_construct()
    )
    telemetry: PlatformTelemetry = key(
        "What services are offered for seeing what they do.", default=PlatformTelemetry.model_construct()
    )
    authorization: PlatformAuthorization | None = key(
        "The OpenFGA server that services ask who may do what; the platform team runs it.",
        default=None,
        default_text="none is offered",
    )
    guides: WebAddress | None = key(
        "Where people read this repository: the operations guides are at <guides>/infra-out/<service>/operations.md, and"
        " alerts link to them.",
        default=None,
        default_text="alerts name the file, without link",
        examples=("https://github.com/acme/platform/blob/main",),
    )
    access: PlatformAccess = key(
        "How people get more than their standing access: for a while, with a reason.",
        default=PlatformAccess.model_construct(),
    )
    ci: Ci | None = key(
        "Who may release through the delivery pipelines of services that have one.",
        default=None,
        default_text="nobody but the `releasers` that a spec names",
    )
    analysts: Analysts | None = key(
        "Who works with the data that services give to analysts. Needed by a service that gives any.",
        default=None,
        default_text="nobody",
    )
    perimeter: Perimeter | None = key(
        "Service perimeters around environments, against data that is carried out with stolen credentials.",
        default=None,
        default_text="no perimeters",
        source="https://cloud.google.com/vpc-service-controls/docs/overview",
    )
    labels: dict[LabelKey, LabelValue] = key(
        "Further labels on everything that can bear labels.",
        default={},
        examples=({"cost-center": "platform"},),
        source="https://cloud.google.com/resource-manager/docs/labels-overview",
    )

    def zone(self, zone: str) -> DnsZone | None:
        """The zone of this domain, None where it is not declared."""
        return next((candidate for candidate in self.domains if candidate.zone == zone), None)

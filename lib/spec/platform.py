"""platform.yaml: the organisation's facts. No name, account, folder, domain or channel of theirs is in the code."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from .model.access import ZoneName
from .model.base import Expect, Section, key
from .model.build import ImageRepository
from .model.environment import Region
from .model.names import ProjectId
from .model.service import OwnerId
from .model.tiered import Reason

Text = Annotated[str, StringConstraints(min_length=1, max_length=100), Expect("1 to 100 characters of text")]

Email = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"),
    Expect("an e-mail address"),
]

BillingAccount = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$"),
    Expect("three groups of six upper-case hexadecimal digits, such as 01AB23-4567CD-89EF01"),
]

FolderId = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{6,20}$"),
    Expect(
        "the folder's number in quotes, without folders/ before it",
        suggest=lambda text: [text.removeprefix("folders/")],
    ),
]

BucketName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$"),
    Expect(
        "3 to 63 lower-case letters, digits, dashes, underscores and dots, starting and ending with letter or digit"
    ),
]

HcpOrganization = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_-]{3,40}$"),
    Expect("3 to 40 letters, digits, dashes and underscores"),
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

ServiceAccountEmail = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z]([a-z0-9-]{4,28}[a-z0-9])@[a-z][a-z0-9-]{4,28}[a-z0-9]\.iam\.gserviceaccount\.com$"
    ),
    Expect("a service account's e-mail address, <name>@<project>.iam.gserviceaccount.com"),
]

ManagedZone = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$"),
    Expect("a Cloud DNS managed zone's name: lower-case letters, digits and dashes, at most 63"),
]

Destination = Annotated[
    str,
    StringConstraints(
        pattern=r"^([A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
        r"|spaces/[A-Za-z0-9_-]{1,64}"
        r"|projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,254}"
        r"|https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?(/[A-Za-z0-9._~%/+-]*)?)$"
    ),
    Expect(
        "an e-mail address, spaces/<id> of Google Chat, projects/<project>/topics/<topic> of Pub/Sub, or an https address"
        " without anything after a question mark"
    ),
]

WebAddress = Annotated[
    str,
    StringConstraints(pattern=r"^https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?(/[A-Za-z0-9._~%/+-]*)?$"),
    Expect("an https address, without question mark"),
]

LabelKey = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,62}$"),
    Expect("at most 63 lower-case letters, digits, underscores and dashes, starting with a letter"),
]

LabelValue = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9_-]{0,63}$"),
    Expect("at most 63 lower-case letters, digits, underscores and dashes"),
]


class Organization(Section):
    """Whose platform this is."""

    name: Text = key("The organisation's name.", examples=("Acme",))
    domain: ZoneName = key("Its primary domain in Cloud Identity.", examples=("acme.example",))


class Folders(Section):
    """Folder of Google Cloud under which each tier's projects are made."""

    test: FolderId = key("Folder of tier test.", examples=("100000000001",))
    internal: FolderId = key("Folder of tier internal.", examples=("100000000002",))
    external: FolderId = key("Folder of tier external.", examples=("100000000003",))


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
    runner: ServiceAccountEmail = key(
        "The service account that applies.", examples=("terraform@acme-automation.iam.gserviceaccount.com",)
    )


    @property
    def program(self) -> str:
        """What people type."""
        return {"terraform": "terraform", "opentofu": "tofu"}[self.engine]

    @property
    def title(self) -> str:
        """What people call it."""
        return {"terraform": "Terraform", "opentofu": "OpenTofu"}[self.engine]


class Registry(Section):
    """Where images are."""

    repository: ImageRepository = key(
        "Default repository; a service's image is <repository>/<service id>.",
        examples=("europe-west1-docker.pkg.dev/acme-artifacts/services",),
    )


class Regions(Section):
    """Where services may run."""

    default: Region = key("Region of an environment that names none; one of `allowed`.", examples=("europe-west1",))
    allowed: tuple[Region, ...] = key(
        "Regions an environment may name.",
        min_length=1,
        examples=(["europe-west1", "us-central1"],),
        source="https://cloud.google.com/run/docs/locations",
    )


class DnsZone(Section):
    """A DNS zone in which services may have names."""

    zone: ZoneName = key("The zone's domain.", examples=("acme.example",))
    managed_zone: ManagedZone = key(
        "Its name in Cloud DNS.",
        examples=("acme-example",),
        source="https://cloud.google.com/dns/docs/reference/rest/v1/managedZones",
    )
    project: ProjectId = key("The Google project that holds it.", examples=("acme-dns",))


_CHANNELS = "https://cloud.google.com/monitoring/support/notification-options"


class Notifications(Section):
    """Where alerts go. No address here may hold a secret: everything here is committed and is in Terraform's state."""

    chat: Destination | None = key(
        "Where every alert is shown: a space of Google Chat, a chat channel's own e-mail address, or a Pub/Sub topic.",
        default=None,
        default_text="none",
        examples=("spaces/AAAAexample",),
        source=_CHANNELS,
    )
    pager: Destination | None = key(
        "What wakes somebody for alerts of severity page: a Pub/Sub topic, or the pager's e-mail address.",
        default=None,
        default_text="none",
        examples=("projects/acme-alerts/topics/pager",),
        source=_CHANNELS,
    )
    webhook: Destination | None = key(
        "Where every alert is sent for machines to read: an https address, or a Pub/Sub topic.",
        default=None,
        default_text="none",
        examples=("https://alerts.acme.example/google",),
        source=_CHANNELS,
    )


class Owner(Section):
    """A team that owns services."""

    name: Text = key("The team's name.", examples=("Identity",))
    group: Email = key("Its Google group: the standing access is granted to it.", examples=("identity@acme.example",))
    chat: Text = key("Its chat channel.", examples=("#team-identity",))
    email: Email = key(
        "Its address for mail from the platform: pages always, warnings where it has no chat under `notifications`.",
        examples=("identity@acme.example",),
    )
    notifications: Notifications = key(
        "Where alerts of its services go, besides its e-mail.", default=Notifications.model_construct()
    )


class PlatformAccess(Section):
    """How people get more than their standing access: for a while, with a reason."""

    time_bound: Literal["privilegedAccessManager", "none"] = key(
        "What gives it. `none` is for projects outside of an organisation, which Privileged Access Manager refuses;"
        " then people with administrative rights bind roles by hand, and it needs a reason.",
        default="privilegedAccessManager",
        source="https://cloud.google.com/iam/docs/pam-overview",
    )
    reason: Reason | None = key(
        "Why there is no time-bound access; only with `timeBound: none`.", default=None, default_text="none"
    )
    approvers: Email | None = key(
        "The Google group whose members approve requests. Nobody approves their own.",
        default=None,
        default_text="the owners' own groups: a colleague approves",
        examples=("access-approvers@acme.example",),
    )
    notify: tuple[Email, ...] = key(
        "Who is told of every break-glass access, besides owners and approvers.",
        default=(),
        examples=(["security@acme.example"],),
    )


GithubRepository = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9](-?[A-Za-z0-9])*/[A-Za-z0-9._-]{1,100}$"),
    Expect("<owner>/<repository>", suggest=lambda text: [text.removeprefix("https://").removeprefix("github.com/")]),
]

GithubId = Annotated[
    str,
    StringConstraints(pattern=r"^[1-9][0-9]{0,18}$"),
    Expect("the repository's number in quotes", "`gh api repos/OWNER/REPOSITORY --jq .id` shows it; write it in quotes"),
]

GitRef = Annotated[
    str,
    StringConstraints(pattern=r"^refs/(heads|tags)/[A-Za-z0-9][A-Za-z0-9._/-]*$"),
    Expect("refs/heads/<branch> or refs/tags/<tag>", suggest=lambda text: [f"refs/heads/{text}"]),
]


class Github(Section):
    """The one repository of GitHub whose workflows may release."""

    repository: GithubRepository = key(
        "The repository.",
        examples=("acme/platform",),
        source="https://docs.github.com/en/actions/concepts/security/openid-connect",
    )
    repository_id: GithubId = key(
        "Its number, which stays when the repository is renamed and never comes back when it is deleted, so that nobody"
        " can take over the name and with it the right to release.",
        examples=("123456789",),
        source="https://cloud.google.com/iam/docs/best-practices-for-using-workload-identity-federation",
    )
    ref: GitRef = key("The branch or tag that workflows must run on.", default="refs/heads/main")


class Ci(Section):
    """Who builds and releases. It signs in by workload identity federation: no key exists that could be lost."""

    github: Github = key("GitHub Actions of one repository.")


class Analysts(Section):
    """Who works with the data that services give to analysts."""

    group: Email = key(
        "Their Google group: it reads the datasets that services copy or write for it, and nothing else.",
        examples=("analysts@acme.example",),
    )


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
    labels: dict[LabelKey, LabelValue] = key(
        "Further labels on everything that can bear labels.",
        default={},
        examples=({"cost-center": "platform"},),
        source="https://cloud.google.com/resource-manager/docs/labels-overview",
    )

    def zone(self, zone: str) -> DnsZone | None:
        """The zone of this domain, None where it is not declared."""
        return next((candidate for candidate in self.domains if candidate.zone == zone), None)

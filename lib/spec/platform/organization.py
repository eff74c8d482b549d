"""The organisation itself, and where in Google Cloud its services are."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from ..model.access import ZoneName
from ..model.base import Expect, Section, key
from ..model.build import ImageRepository
from ..model.environment import Region
from ..model.names import ProjectId
from .forms import Text

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

ManagedZone = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$"),
    Expect("a Cloud DNS managed zone's name: lower-case letters, digits and dashes, at most 63"),
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

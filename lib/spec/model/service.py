"""`service`: who the service is, whose it is, what it is."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import StringConstraints

from ..workloads import Kind
from .base import Expect, Section, key

ServiceId = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=20),
    Expect("1 to 20 lower-case letters, digits and single dashes, starting with a letter and not ending with a dash"),
]

OwnerId = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=30),
    Expect("an owner's id: at most 30 lower-case letters, digits and single dashes, starting with a letter"),
]

DisplayName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 '!-]*$", max_length=30),
    Expect(
        "at most 30 letters, digits, spaces, dashes, single quotes and exclamation marks",
        suggest=lambda text: [" ".join(re.sub(r"[^A-Za-z0-9 '!-]", " ", text).split())],
    ),
]

ApiName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*\.googleapis\.com$"),
    Expect("a Google API's name such as pubsub.googleapis.com", suggest=lambda text: [f"{text}.googleapis.com"]),
]

RoleName = Annotated[
    str,
    StringConstraints(
        pattern=r"^(roles/[A-Za-z0-9][A-Za-z0-9._]*"
        r"|projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/roles/[A-Za-z0-9_.]{3,64}"
        r"|organizations/[0-9]+/roles/[A-Za-z0-9_.]{3,64})$"
    ),
    Expect(
        "roles/<name>, projects/<project>/roles/<name> or organizations/<number>/roles/<name>",
        suggest=lambda text: [f"roles/{text}"] if "/" not in text else [],
    ),
]

PermissionName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]*(\.[A-Za-z0-9-]+){2,}$"),
    Expect("an IAM permission such as pubsub.topics.publish"),
]


class Iam(Section):
    """What the service's own identity may do beyond what the platform grants for the declared resources."""

    apis: tuple[ApiName, ...] = key(
        "Further Google APIs to switch on in every environment's project.",
        default=(),
        examples=(["pubsub.googleapis.com"],),
        source="https://cloud.google.com/service-usage/docs/list-services",
    )
    roles: tuple[RoleName, ...] = key(
        "Further roles for the service's identity on its own project. The basic roles owner and editor are refused.",
        default=(),
        examples=(["roles/pubsub.publisher"],),
        source="https://cloud.google.com/iam/docs/roles-overview",
    )
    permissions: tuple[PermissionName, ...] = key(
        "Further single permissions for the service's identity; the platform puts them into one custom role.",
        default=(),
        max_length=3000,
        examples=(["storage.objects.get"],),
        source="https://cloud.google.com/iam/quotas",
    )


class Service(Section):
    """Who the service is."""

    id: ServiceId = key(
        "The service's id: the name of its directory, and part of every name the platform makes for it.",
        immutable=True,
        examples=("accounts",),
    )
    name: DisplayName = key(
        "Name for people. `<name> - <environment id>` becomes the project's display name, so it may have 4 to 30"
        " characters.",
        default_from=lambda above: above.get("id", ""),
        default_text="the id",
        examples=("Accounts",),
        source="https://cloud.google.com/resource-manager/docs/creating-managing-projects",
    )
    description: Annotated[
        str,
        Expect("a paragraph that says what the service is for", "say in a sentence or two what the service is for"),
    ] = key(
        "What the service is for, in a paragraph. A placeholder such as TODO is refused.",
        examples=("Accounts of our customers: sign-in, profiles and organisations.",),
    )
    owners: tuple[OwnerId, ...] = key(
        "The teams that own the service, each one an id under `owners` in platform.yaml.",
        min_length=1,
        examples=(["identity"],),
    )
    kind: Kind = key(
        "`service` answers requests as long as it runs; `job` runs to its end, on demand or on a schedule; `worker` fetches"
        " its work itself (from a subscription, a stream, a table) as long as it runs, and takes no requests.",
        default="service",
        immutable=True,
    )
    protocol: Literal["http1", "h2c"] = key(
        "What the container speaks on its port: `http1`, or `h2c` (HTTP/2 without TLS, needed by gRPC servers).",
        default="http1",
        only="service",
        source="https://cloud.google.com/run/docs/configuring/http2",
    )
    iam: Iam = key(
        "What the service's own identity may do beyond what the platform grants for the declared resources.",
        default=Iam.model_construct(),
    )

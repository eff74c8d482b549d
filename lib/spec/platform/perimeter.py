"""Service perimeters around the environments of some tiers."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from ..model.base import Expect, Section, key
from ..model.tiered import Tier

AccessPolicy = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,20}$"),
    Expect(
        "the access policy's number in quotes, without accessPolicies/ before it",
        suggest=lambda text: [text.removeprefix("accessPolicies/")],
    ),
]

AccessLevelName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,49}$"),
    Expect("an access level's name: at most 50 letters, digits and underscores, starting with a letter"),
]


class Perimeter(Section):
    """Each environment of these tiers gets a service perimeter of its own (VPC Service Controls)."""

    access_policy: AccessPolicy = key(
        "The organisation's access policy, which the perimeters are made in; the identity that applies needs"
        " roles/accesscontextmanager.policyEditor on it. `gcloud access-context-manager policies list` shows it.",
        examples=("123456789012",),
        source="https://cloud.google.com/access-context-manager/docs/create-access-policy",
    )
    tiers: tuple[Tier, ...] = key(
        "The tiers whose environments have a perimeter.",
        default=("external",),
        min_length=1,
        examples=(["external"],),
    )
    dry_run: bool = key(
        "Whether a perimeter only tells what it would refuse, unless its environment says otherwise.",
        default=True,
        source="https://cloud.google.com/vpc-service-controls/docs/dry-run-mode",
    )
    access_levels: tuple[AccessLevelName, ...] = key(
        "Access levels of that policy, one of which people have to meet to pass, such as a device of the organisation"
        " or"
        " its network. The platform's own identities pass without.",
        default=(),
        default_text="people pass from anywhere, by who they are alone",
        examples=(["corporate_devices"],),
        source="https://cloud.google.com/access-context-manager/docs/create-basic-access-level",
    )

"""`environments[].access`: who may ask for more than their standing access, for how long, and who must agree."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from .base import Expect, Section, key
from .tiered import Tiered

Requester = Annotated[
    str,
    StringConstraints(pattern=r"^(user|group):[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"),
    Expect("user:<email> or group:<email>", "put its kind and a colon before the address"),
]

_DURATION = "https://cloud.google.com/iam/docs/pam-create-entitlements"


class AccessLevel(Section):
    """The terms of one level of time-bound access."""

    max_minutes: Tiered[Annotated[int, Field(ge=30, le=1440)]] | None = key(
        "The longest time for which one request may ask.",
        default=None,
        default_text="by tier",
        unit="minutes",
        source=_DURATION,
    )
    approval: Tiered[bool] | None = key(
        "Whether somebody else has to approve the request: `access.approvers` of platform.yaml.",
        default=None,
        default_text="by tier",
        source=_DURATION,
    )


class EmergencyLevel(Section):
    """The terms of access for emergencies, for which nobody is asked: there may be nobody to ask."""

    max_minutes: Tiered[Annotated[int, Field(ge=30, le=1440)]] | None = key(
        "The longest time for which one request may ask.",
        default=None,
        default_text="by tier",
        unit="minutes",
        source=_DURATION,
    )


class Access(Section):
    """Time-bound access: what people ask for with a reason, and lose again by themselves."""

    requesters: tuple[Requester, ...] = key(
        "Who may ask, besides the owners' groups.",
        default=(),
        examples=(["group:support@acme.example"],),
        source="https://cloud.google.com/iam/docs/principal-identifiers",
    )
    read: AccessLevel = key(
        "Look: logs, traces, states, and log in to the database to read.", default=AccessLevel.model_construct()
    )
    write: AccessLevel = key(
        "Change data: call or start what is deployed, write to the database and cache, add versions of secrets.",
        default=AccessLevel.model_construct(),
    )
    deploy: AccessLevel = key(
        "Change what runs: deploy another image, move traffic.", default=AccessLevel.model_construct()
    )
    break_glass: EmergencyLevel = key(
        "Everything that may be needed in an emergency, except changing who may what. Owners and approvers are told"
        " of every use.",
        default=EmergencyLevel.model_construct(),
    )

"""Who owns services, where they hear of them, and how they get more than their standing access."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from ..model.base import Expect, Section, key
from ..model.tiered import Reason
from .forms import Email, Text

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


class Analysts(Section):
    """Who works with the data that services give to analysts."""

    group: Email = key(
        "Their Google group: it reads the datasets that services copy or write for it, and nothing else.",
        examples=("analysts@acme.example",),
    )

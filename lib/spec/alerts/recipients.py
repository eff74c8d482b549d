"""Who is told: severity and tier → channels. One function, which the stack, the guide and the rules read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ..names import Names
from ..platform.people import Notifications
from ..tiers import resolve
from .base import Severity

Role = Literal["pager", "chat", "email", "webhook"]

MAX_RECIPIENTS = 16
"""Channels of one policy: https://cloud.google.com/monitoring/quotas#alerting_uptime"""

EVERY_SERVICE = "every-service"


@dataclass(frozen=True)
class Recipient:
    """One destination.

    key      stable, for Terraform's address: `owner-identity-chat`
    whose    in words: an owner's name, or the organisation's
    address  as platform.yaml has it; of a channel that people made, its full name
    is_made  whether the platform makes the channel
    """

    key: str
    role: Role
    whose: str
    address: str
    is_made: bool = True


def recipients(names: Names) -> tuple[Recipient, ...]:
    """Every channel of the environment, no address twice in one role."""
    found: dict[tuple[Role, str], Recipient] = {}
    for recipient in _all(names):
        found.setdefault((recipient.role, recipient.address), recipient)
    return tuple(found.values())


def told(names: Names, severity: Severity) -> tuple[Recipient, ...]:
    """Who is told about an alert of a severity; never nobody, since every owner has an e-mail address.

    page  where the tier pages: pagers, chat, e-mail, webhooks; elsewhere the same without pagers
    warn  chat and webhooks; by e-mail the owners that have no chat
    """
    pages = severity == "page" and resolve(names.environment).paging
    return tuple(
        recipient
        for recipient in recipients(names)
        if recipient.role in ("chat", "webhook")
        or (recipient.role == "pager" and pages)
        or (recipient.role == "email" and (severity == "page" or _has_no_chat(names, recipient)))
    )


def _has_no_chat(names: Names, recipient: Recipient) -> bool:
    owners = [names.platform.owners[id] for id in names.spec.service.owners]
    return all(owner.notifications.chat is None for owner in owners if owner.email == recipient.address)


def _all(names: Names) -> Iterator[Recipient]:
    for id in names.spec.service.owners:
        owner = names.platform.owners[id]
        yield from _declared(f"owner-{id}", owner.name, owner.notifications)
        yield Recipient(f"owner-{id}-email", "email", owner.name, owner.email)
    yield from _declared(EVERY_SERVICE, names.platform.organization.name, names.platform.notifications)
    channels = names.environment.monitoring.channels
    for address in channels.chat:
        yield Recipient(address, "chat", "made by hand", address, is_made=False)
    for address in channels.pager:
        yield Recipient(address, "pager", "made by hand", address, is_made=False)


def _declared(prefix: str, whose: str, notifications: Notifications) -> Iterator[Recipient]:
    if notifications.pager is not None:
        yield Recipient(f"{prefix}-pager", "pager", whose, notifications.pager)
    if notifications.chat is not None:
        yield Recipient(f"{prefix}-chat", "chat", whose, notifications.chat)
    if notifications.webhook is not None:
        yield Recipient(f"{prefix}-webhook", "webhook", whose, notifications.webhook)

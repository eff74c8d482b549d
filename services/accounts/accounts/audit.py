"""The audit log: every change, in the transaction that makes it.

It is copied to analysts and kept when a user is deleted, so it has ids and never a name, an address or a secret. Who was
behind an IP address is in the platform's request logs, for as long as those are kept; `request_id`, the trace's id, leads
there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from opentelemetry import trace
from psycopg.types.json import Jsonb

from accounts.errors import InvalidError
from accounts.model import Actor, AuditEntry
from accounts.rows import Page, Window, all_of
from runtime.postgres import Connection

Detail = str | int | bool | list[str] | None


def request_id() -> str:
    """The trace of the current request; empty outside of one."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else ""


async def record(
    connection: Connection,
    actor: Actor | None,
    action: str,
    target: tuple[str, UUID],
    *,
    organization: UUID | None = None,
    details: Mapping[str, Detail] | None = None,
) -> None:
    """Write down that `actor` (None: the service itself) did `action` to `target`, its kind and its id."""
    kind, id = target
    await connection.execute(
        "INSERT INTO audit_log (actor_kind, actor_id, credential_id, action, target_kind, target_id, organization_id,"
        " request_id, details) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            actor.kind if actor else "system",
            actor.id if actor else None,
            actor.credential_id if actor else None,
            action,
            kind,
            id,
            organization,
            request_id(),
            Jsonb(dict(details or {})),
        ),
    )


@dataclass(frozen=True)
class Filter:
    """Which entries are wanted; what is None does not matter."""

    actor: UUID | None = None
    target: UUID | None = None
    organization: UUID | None = None
    action: str | None = None
    """An action, or the beginning of some up to a dot: `token.created`, `token`."""


async def search(connection: Connection, wanted: Filter, window: Window) -> Page[AuditEntry]:
    """The newest first."""
    if wanted.action is not None and not wanted.action.replace(".", "").replace("_", "").isalnum():
        raise InvalidError("There is no such action.", {"action": "words such as token or token.created"})
    found = await all_of(
        connection,
        AuditEntry,
        """
        SELECT * FROM audit_log
        WHERE (%(id)s::bigint IS NULL OR id < %(id)s)
          AND (%(actor)s::uuid IS NULL OR actor_id = %(actor)s)
          AND (%(target)s::uuid IS NULL OR target_id = %(target)s)
          AND (%(organization)s::uuid IS NULL OR organization_id = %(organization)s)
          AND (%(action)s::text IS NULL OR action = %(action)s OR starts_with(action, %(action)s || '.'))
        ORDER BY id DESC LIMIT %(limit)s
        """,
        {
            **window.after_number(),
            "actor": wanted.actor,
            "target": wanted.target,
            "organization": wanted.organization,
            "action": wanted.action,
        },
    )
    return window.page(found, lambda entry: str(entry.id))

"""The lines of service.yaml that declare a resource: what an error shows when the code uses one that is not declared."""

from __future__ import annotations

from .errors import UndeclaredResourceError

DOMAIN = "domain:\n  zone: <a zone of platform.yaml>\n  subdomain: {name}"

LINES = {
    "postgres": "resources:\n  postgres:\n    databases: [{name}]",
    "redis": "resources:\n  redis:\n    memoryGb: 1",
    "bigquery": "resources:\n  bigquery:\n    tables: [{name}]",
    "authorization": "resources:\n  authorization:\n    model: authorization.fga",
    "events": "resources:\n  bigquery:\n    tables: [events]  # columns: python -m runtime.events schema > bigquery/events.json",
    "bucket": "resources:\n  buckets:\n    - name: {name}",
    "topic": "resources:\n  topics:\n    - name: {name}",
    "subscription": "resources:\n  subscriptions:\n    - name: {name}\n      topic: <name of the topic>",
    "domain": f"{DOMAIN}\nauthentication:\n  type: public",
    "iap": f"{DOMAIN}\nauthentication:\n  type: iap\n  members: [group:<a group>@example.com]",
    "push": "resources:\n  queues:\n    - name: {name}",
    "queue": "resources:\n  queues:\n    - name: {name}",
}


WHAT = {"iap": "Identity-Aware Proxy", "push": "queue and no subscription with a pushPath"}
"""How messages call what is no single resource."""


def undeclared(kind: str, name: str | None = None, *, example: str = "<name>") -> UndeclaredResourceError:
    """The error to raise: `undeclared("bucket", "uploads")`; `example` is in the lines where there is no name."""
    what = WHAT.get(kind, kind) if name is None else f"{kind} {name!r}"
    return UndeclaredResourceError(what, LINES[kind].format(name=name or example))

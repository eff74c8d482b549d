"""The lines of service.yaml that declare a resource: what an error shows when the code uses one that is not declared."""

from __future__ import annotations

from .errors import UndeclaredResourceError

LINES = {
    "postgres": "resources:\n  postgres:\n    databases: [{name}]",
    "redis": "resources:\n  redis:\n    memoryGb: 1",
    "bigquery": "resources:\n  bigquery:\n    tables: [{name}]",
    "bucket": "resources:\n  buckets:\n    - name: {name}",
    "topic": "resources:\n  topics:\n    - name: {name}",
    "subscription": "resources:\n  subscriptions:\n    - name: {name}\n      topic: <name of the topic>",
    "queue": "resources:\n  queues:\n    - name: {name}",
}


def undeclared(kind: str, name: str | None = None, *, example: str = "<name>") -> UndeclaredResourceError:
    """The error to raise: `undeclared("bucket", "uploads")`; `example` is in the lines where there is no name."""
    what = kind if name is None else f"{kind} {name!r}"
    return UndeclaredResourceError(what, LINES[kind].format(name=name or example))

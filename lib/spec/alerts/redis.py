"""Alerts on the cache."""

from __future__ import annotations

from .base import Alert, Subject, Threshold

VALKEY_METRICS = "https://cloud.google.com/memorystore/docs/valkey/supported-monitoring-metrics"


def _has_redis(subject: Subject) -> bool:
    return subject.environment.resources.redis is not None


def _has_replica(subject: Subject) -> bool:
    """A cache without a replica has nothing to fail over to."""
    # Imported late: the model, which tiers read, takes the alerts' ids from here.
    from ..tiers import resolve

    return _has_redis(subject) and resolve(subject.environment).redis_high_availability


_STATE = ("gcloud memorystore instances describe $cache --project=$project --location=$region",)

MEMORY = Alert(
    id="cache-memory",
    title="The cache is nearly full",
    group="cache",
    severity="warn",
    chart="max(memorystore_googleapis_com:instance_memory_maximum_utilization{$valkey}) * 100",
    query="max(memorystore_googleapis_com:instance_memory_maximum_utilization{$valkey}) * 100 > $threshold",
    seconds=300,
    threshold=Threshold("percent", 80, least=10, most=100),
    source=VALKEY_METRICS,
    meaning="Soon the cache throws entries out by its eviction policy, or refuses writes if the policy finds none to throw out.",
    first="Are entries written without an expiry? Then it only ever grows.",
    causes=(
        "entries without an expiry",
        "more, or larger, entries than it was sized for: raise memoryGb",
        "entries of an older version of the code that nobody reads any more",
    ),
    commands=_STATE,
    applies=_has_redis,
)

CPU = Alert(
    id="cache-cpu",
    title="The cache's CPU is nearly used up",
    group="cache",
    severity="warn",
    chart="max(memorystore_googleapis_com:instance_cpu_maximum_utilization{$valkey}) * 100",
    query="max(memorystore_googleapis_com:instance_cpu_maximum_utilization{$valkey}) * 100 > $threshold",
    seconds=300,
    threshold=Threshold("percent", 90, least=10, most=100),
    source=VALKEY_METRICS,
    meaning="The cache answers slowly because it has no CPU to spare.",
    first="Are there commands that go through everything (KEYS, large ranges, long scripts)?",
    causes=(
        "commands that touch many entries at once",
        "connections opened anew for each command, each with a TLS handshake",
        "more traffic than the node can take: raise memoryGb, which chooses a larger node",
    ),
    commands=_STATE,
    applies=_has_redis,
)

FAILOVER = Alert(
    id="cache-failover",
    title="The cache's replica started over",
    group="cache",
    severity="warn",
    query="sum(increase(memorystore_googleapis_com:instance_node_replication_sync_full_count{$valkey_node}[5m])) > $threshold",
    seconds=0,
    threshold=Threshold("full copies in 5 minutes", 0, least=0, most=100),
    source=VALKEY_METRICS,
    meaning="A replica copies everything anew: the primary has changed (a failover), or the two had lost each other. Until the"
    " copy is complete there is nothing to fail over to.",
    first="Did the service notice? Its errors at that minute tell whether it connected anew by itself.",
    causes=(
        "maintenance by Google, or the loss of a zone",
        "the primary was too busy to keep the replica up to date (cache-cpu)",
        "writes faster than the replica can follow",
    ),
    commands=_STATE,
    applies=_has_replica,
)

ALERTS = (MEMORY, CPU, FAILOVER)

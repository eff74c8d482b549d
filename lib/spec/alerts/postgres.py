"""Alerts on the PostgreSQL instance."""

from __future__ import annotations

from .base import Alert, Subject, Threshold

SQL_METRICS = "https://cloud.google.com/monitoring/api/metrics_gcp_c#gcp-cloudsql"


def _has_postgres(subject: Subject) -> bool:
    return subject.environment.resources.postgres is not None


def _connections(subject: Subject, threshold: int) -> dict[str, str]:
    # Imported late: the model, which limits read, takes the alerts' ids from here.
    from ..limits import default_max_connections

    postgres = subject.environment.resources.postgres
    assert postgres is not None
    return {"max_connections": str(postgres.max_connections or default_max_connections(postgres.memory_gb))}


_STATE = (
    "gcloud sql instances describe $database --project=$project",
    "gcloud sql operations list --instance=$database --project=$project --limit=10",
)
_LOGS = (
    'gcloud logging read "resource.type=\\"cloudsql_database\\" AND severity>=WARNING" --project=$project --freshness=1h'
    " --limit=50"
)

DOWN = Alert(
    id="database-down",
    title="The database is down",
    group="database",
    severity="page",
    chart="max(cloudsql_googleapis_com:database_up{$sql})",
    query="(max(max_over_time(cloudsql_googleapis_com:database_up{$sql}[3m])) < 1)"
    " or absent_over_time(cloudsql_googleapis_com:database_up{$sql}[15m])",
    seconds=0,
    source=SQL_METRICS,
    meaning="PostgreSQL does not answer, or Cloud SQL has said nothing about it for a quarter of an hour.",
    first="Is an operation under way (maintenance, restart, failover)? Then it comes back within minutes.",
    causes=(
        "Cloud SQL restarts it: maintenance, a changed flag, or a failover",
        "it was stopped, or the disk is full (database-disk)",
        "the zone is out of order: without a standby only a recovery elsewhere helps",
    ),
    commands=(*_STATE, _LOGS),
    applies=_has_postgres,
)

DISK = Alert(
    id="database-disk",
    title="The database's disk is full",
    group="database",
    severity="page",
    chart="max(cloudsql_googleapis_com:database_disk_utilization{$sql}) * 100",
    query="max(cloudsql_googleapis_com:database_disk_utilization{$sql}) * 100 > $threshold",
    seconds=300,
    threshold=Threshold("percent", 95, least=50, most=99),
    source=SQL_METRICS,
    meaning="The disk grows by itself and has not grown enough. When it is full, PostgreSQL stops and takes no writes.",
    first="Is the growth of the disk held up by an operation, a quota, or the largest size?",
    causes=(
        "data arrives faster than the disk grows",
        "the largest size, or a quota, is reached",
        "write-ahead logs pile up behind a replication slot that nobody reads",
    ),
    commands=(*_STATE, _LOGS),
    applies=_has_postgres,
)

MEMORY = Alert(
    id="database-memory",
    title="The database's memory is nearly used up",
    group="database",
    severity="warn",
    chart="max(cloudsql_googleapis_com:database_memory_utilization{$sql}) * 100",
    query="max(cloudsql_googleapis_com:database_memory_utilization{$sql}) * 100 > $threshold",
    seconds=60,
    threshold=Threshold("percent", 80, least=10, most=100),
    source=SQL_METRICS,
    meaning="PostgreSQL's processes use most of the machine's memory. When it runs out, Cloud SQL restarts the instance.",
    first="How many connections are open, and what do the largest queries do?",
    causes=(
        "too many connections, each with memory of its own (database-connections)",
        "queries that sort or join more than they used to",
        "the machine is too small: raise memoryGb",
    ),
    commands=_STATE,
    applies=_has_postgres,
)

CPU = Alert(
    id="database-cpu",
    title="The database's CPU is nearly used up",
    group="database",
    severity="warn",
    chart="max(cloudsql_googleapis_com:database_cpu_utilization{$sql}) * 100",
    query="max(cloudsql_googleapis_com:database_cpu_utilization{$sql}) * 100 > $threshold",
    seconds=180,
    threshold=Threshold("percent", 90, least=10, most=100),
    source=SQL_METRICS,
    meaning="The database has no CPU to spare; every query gets slower.",
    first="Query Insights shows which query takes the time.",
    causes=(
        "a query without a fitting index, often since the last rollout",
        "more traffic than the machine was sized for: raise cpu",
        "a backfill, or a report, in the middle of the day",
    ),
    commands=_STATE,
    applies=_has_postgres,
)

CONNECTIONS = Alert(
    id="database-connections",
    title="Database connections nearly used up",
    group="database",
    severity="warn",
    chart="sum(cloudsql_googleapis_com:database_postgresql_num_backends{$sql})",
    query="sum(cloudsql_googleapis_com:database_postgresql_num_backends{$sql}) / $max_connections * 100 > $threshold",
    seconds=120,
    threshold=Threshold("percent", 90, least=10, most=99),
    terms=_connections,
    source=SQL_METRICS,
    meaning="Almost every connection that PostgreSQL accepts is taken. The next ones are refused, those of people too.",
    first="Who holds them: the service, people, or something that never lets go?",
    causes=(
        "the code opens connections past its pool (PGPOOLSIZE)",
        "transactions that stay open and wait",
        "more instances than the pool was sized for: raise maxConnections",
    ),
    commands=_STATE,
    applies=_has_postgres,
)

LOCKS = Alert(
    id="database-locks",
    title="Queries wait for locks",
    group="database",
    severity="warn",
    chart="max(sum by (query_hash)"
    " (rate(cloudsql_googleapis_com:database_postgresql_insights_perquery_lock_time[5m]))) / 1000",
    query="max(sum by (query_hash)"
    " (rate(cloudsql_googleapis_com:database_postgresql_insights_perquery_lock_time[5m]))) / 1000 > $threshold",
    seconds=180,
    threshold=Threshold("milliseconds of waiting per second", 200, least=1, most=100_000),
    source=SQL_METRICS,
    meaning="One kind of query spends much of its time waiting for others to let go of rows or tables.",
    first="Query Insights names the query; look for who holds what it waits for.",
    causes=(
        "long transactions that keep locks while they do something else",
        "a migration that locks a table that is in use",
        "many writers of the same rows",
    ),
    commands=_STATE[1:],
    applies=_has_postgres,
)

LOCK_SPIKE = Alert(
    id="database-lock-spike",
    title="Queries are stuck behind a lock",
    group="database",
    severity="warn",
    query="max(sum by (query_hash)"
    " (rate(cloudsql_googleapis_com:database_postgresql_insights_perquery_lock_time[2m]))) / 1000 > $threshold",
    seconds=0,
    threshold=Threshold("milliseconds of waiting per second", 1000, least=1, most=1_000_000),
    source=SQL_METRICS,
    meaning="At least one query has been waiting all the time: something holds a lock and does not let go.",
    first="Find the transaction that holds the lock, and end it if it is not a migration about to finish.",
    causes=(
        "a migration that needs a lock on a whole table",
        "a session that somebody left open in the middle of a transaction",
        "two parts of the code that lock in different order",
    ),
    commands=_STATE[1:],
    applies=_has_postgres,
)

ALERTS = (DOWN, DISK, CPU, MEMORY, CONNECTIONS, LOCKS, LOCK_SPIKE)

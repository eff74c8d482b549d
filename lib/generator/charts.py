"""What the dashboard shows: for each group a chart of every alert's metric, and those that explain them."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

from spec.alerts import Group, query
from spec.alerts.active import ActiveAlert

from generator.context import Context
from generator.resources.dashboard import Chart

TITLES: dict[Group, str] = {
    "service": "Requests",
    "job": "Runs",
    "worker": "Workers",
    "container": "Containers",
    "database": "Database",
    "cache": "Cache",
    "delivery": "Releases",
}
"""In the dashboard's order. Objectives have a page of their own in the console."""


@dataclass(frozen=True)
class Metric:
    """A chart without an alert; `$run` and the like as in `spec.alerts.query`."""

    group: Group
    title: str
    unit: str
    queries: tuple[tuple[str, str], ...]


METRICS = (
    Metric("service", "Requests by kind of answer", "requests per second", (
        ("", "sum by (response_code_class) (rate(run_googleapis_com:request_count{$run}[5m]))"),
    )),
    Metric("service", "Time to answer", "milliseconds", tuple(
        (name, f"histogram_quantile({part}, sum by (le) (rate(run_googleapis_com:request_latencies_bucket{{$run}}[5m])))")
        for name, part in (("half", 0.5), ("95 of 100", 0.95), ("99 of 100", 0.99))
    )),
    Metric("service", "Instances", "instances", (
        ("", "sum by (state) (run_googleapis_com:container_instance_count{$run})"),
    )),
    Metric("container", "Billed time", "seconds per second", (
        ("all", "sum(rate(run_googleapis_com:container_billable_instance_time{$run_any}[5m]))"),
    )),
    Metric("worker", "Instances", "instances", (
        ("", "sum by (state) (run_googleapis_com:container_instance_count{$worker})"),
    )),
    Metric("job", "Runs under way", "runs", (
        ("running", "sum(run_googleapis_com:job_running_executions{$job})"),
    )),
    Metric("database", "Transactions", "transactions per second", (
        ("all", "sum(rate(cloudsql_googleapis_com:database_postgresql_transaction_count{$sql}[5m]))"),
    )),
    Metric("database", "Disk", "bytes", (
        ("used", "max(cloudsql_googleapis_com:database_disk_bytes_used{$sql})"),
        ("size", "max(cloudsql_googleapis_com:database_disk_quota{$sql})"),
    )),
    Metric("cache", "Clients", "connections", (
        ("all", "max(memorystore_googleapis_com:instance_clients_total_connected_clients{$valkey})"),
    )),
    Metric("cache", "Hits and misses", "keys per second", (
        ("hits", "sum(rate(memorystore_googleapis_com:instance_stats_total_keyspace_hits_count{$valkey}[5m]))"),
        ("misses", "sum(rate(memorystore_googleapis_com:instance_stats_total_keyspace_misses_count{$valkey}[5m]))"),
    )),
)  # fmt: skip
"""Names of metrics: https://cloud.google.com/monitoring/api/metrics_gcp"""


def groups(context: Context, alerts: tuple[ActiveAlert, ...]) -> dict[str, list[Chart]]:
    """Title of each group that the environment has → its charts."""
    present = _present(context)
    found: dict[str, list[Chart]] = {TITLES[group]: [] for group in TITLES if group in present}
    selectors = query.selectors(context.names)
    for metric in METRICS:
        if metric.group in present:
            queries = {legend: Template(text).substitute(selectors) for legend, text in metric.queries}
            found[TITLES[metric.group]].append(Chart(metric.title, metric.unit, queries))
    for active in alerts:
        if active.alert is not None and active.alert.chart:
            found[TITLES[active.alert.group]].append(_of_alert(context, active))
    return {title: charts for title, charts in found.items() if charts}


def _present(context: Context) -> set[Group]:
    present: set[Group] = {"container", context.spec.service.kind}
    present |= {"database"} if context.has_postgres else set()
    present |= {"delivery"} if context.holds_pipeline else set()
    return present | ({"cache"} if context.has_redis else set())


def _of_alert(context: Context, active: ActiveAlert) -> Chart:
    """The alert's metric, with its threshold where both have one unit."""
    alert = active.alert
    assert alert is not None
    unit = alert.threshold.unit if alert.threshold is not None and alert.terms is None else ""
    return Chart(
        title=f"{active.title} ({active.id})",
        unit=unit,
        queries={active.id: query.chart(context.names, alert)},
        threshold=active.threshold if unit else None,
    )

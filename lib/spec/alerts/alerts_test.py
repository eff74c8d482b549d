"""The table of alerts: whole, within limits, and in PromQL that parses in every environment."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import promql_parser
import pytest

from spec.alerts import BY_ID, IDS, TABLE, Alert, Subject, query
from spec.alerts.active import ActiveAlert, active_alerts, commands, shell_variables, silenced_alerts
from spec.alerts.job import absence_minutes
from spec.alerts.objectives import allowed_ratio, decimal
from spec.loader import load_fleet
from spec.model import ServiceSpec
from spec.names import Names
from spec.promql import unbalanced
from spec.workloads import WORKLOADS

TESTDATA = Path(__file__).parent.parent / "testdata"

METRICS = {
    "run_googleapis_com:container_cpu_utilizations_bucket",
    "run_googleapis_com:container_instance_count",
    "run_googleapis_com:container_memory_utilizations_bucket",
    "run_googleapis_com:container_startup_latencies_bucket",
    "run_googleapis_com:container_startup_latencies_count",
    "run_googleapis_com:job_completed_execution_count",
    "run_googleapis_com:pending_queue_pending_requests",
    "run_googleapis_com:request_count",
    "run_googleapis_com:request_latencies_bucket",
    "cloudsql_googleapis_com:database_cpu_utilization",
    "cloudsql_googleapis_com:database_disk_utilization",
    "cloudsql_googleapis_com:database_memory_utilization",
    "cloudsql_googleapis_com:database_postgresql_insights_perquery_lock_time",
    "cloudsql_googleapis_com:database_postgresql_num_backends",
    "cloudsql_googleapis_com:database_up",
    "datastream_googleapis_com:stream_freshness",
    "logging_googleapis_com:user_instance_start_failed",
    "logging_googleapis_com:user_rollout_failed",
    "logging_googleapis_com:user_rollout_waits",
    "logging_googleapis_com:user_key_version_lost",
    "logging_googleapis_com:user_schedule_failed",
    "memorystore_googleapis_com:instance_cpu_maximum_utilization",
    "memorystore_googleapis_com:instance_memory_maximum_utilization",
    "memorystore_googleapis_com:instance_node_replication_sync_full_count",
    "monitoring_googleapis_com:uptime_check_check_passed",
}
"""Google's metrics in PromQL's names, written out a second time: a slip of the pen in a query shows here."""


ANALYTICS = {
    "tenantProject": "d7c3726edb939bf87p-tp",
    "publications": ({"name": "core", "database": "thing", "tables": ("things",)},),
}


def everything(kind: str = "service", tier: str = "external", **environment: Any) -> Names:
    """A spec that has everything that its kind can have, so that every alert of the kind applies."""
    platform = load_fleet(TESTDATA / "platform.yaml", [], TESTDATA).platform
    assert platform is not None
    spec: dict[str, Any] = {
        "service": {"id": "thing", "description": "Counts.", "owners": ("identity",), "kind": kind},
        "monitoring": {},
        "rollout": {"stages": ({"environment": "prod"},), "initialImage": f"sha256:{'0' * 64}"},
        "environments": (
            {
                "id": "prod",
                "projectId": "thing-prod-1f3a",
                "tier": tier,
                "deploy": {"type": "rollout"},
                "instances": {"cpu": 1, "memory": "512Mi"},
                "encryption": {"customerManagedKeys": True},
                "resources": {"postgres": {"databases": ("thing",), "analytics": ANALYTICS}, "redis": {}},
                **environment,
            },
        ),
    }
    if kind == "service":
        spec["monitoring"] = {"slo": {"availability": 99.9, "latency": {"thresholdMs": 500, "target": 99.0}}}
        spec["environments"][0].update(
            authentication=environment.get("authentication", {"type": "public"}),
            domain={"zone": "acme.example", "subdomain": "thing"},
        )
    if kind == "job":
        spec["environments"][0].setdefault("schedule", {"cron": "15 3 * * *"})
    model = ServiceSpec.model_validate(spec)
    return Names(model, model.environments[0], platform)


def found(id: str, names: Names) -> ActiveAlert:
    return next(alert for alert in active_alerts(names) if alert.id == id)


ENVIRONMENTS = {
    "service": everything(),
    "job": everything("job"),
    "worker": everything("worker"),
    "proxied": everything(authentication={"type": "iap", "members": ("group:staff@acme.example",)}),
}
QUERIES = [
    pytest.param(text, id=f"{kind} {alert.id} {part}")
    for kind, names in ENVIRONMENTS.items()
    for alert in active_alerts(names)
    for part, text in (("query", alert.query), ("chart", alert.alert and query.chart(names, alert.alert)))
    if text
]


def test_ids_are_unique_and_short() -> None:
    assert len(set(IDS)) == len(TABLE)
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", id) and len(id) <= 40 for id in IDS)


def test_every_alert_applies_somewhere() -> None:
    assert {alert.id for names in ENVIRONMENTS.values() for alert in active_alerts(names)} == set(IDS)


@pytest.mark.parametrize("alert", TABLE, ids=lambda alert: alert.id)
def test_a_row_is_whole(alert: Alert) -> None:
    assert alert.title and alert.meaning.endswith(".") and alert.first and alert.commands
    assert len(alert.causes) >= 2
    assert alert.source.startswith("https://")
    assert alert.seconds % 60 == 0 and alert.seconds <= 24 * 3600
    assert ("$threshold" in alert.query or "${threshold}" in alert.query or alert.terms is not None) == (
        alert.threshold is not None
    )
    mentioned = re.findall(r"\(([a-z]+(?:-[a-z0-9]+)+)", " ".join((alert.first, *alert.causes)))
    assert set(mentioned) <= set(IDS), "an alert that does not exist is named"


@pytest.mark.parametrize("kind", ENVIRONMENTS)
def test_defaults_are_within_bounds(kind: str) -> None:
    names = ENVIRONMENTS[kind]
    for active in active_alerts(names):
        if active.alert is not None and active.alert.threshold is not None:
            bounds = active.alert.threshold
            assert bounds.least <= bounds.default_for(Subject(names.spec, names.environment)) <= bounds.most
            assert isinstance(bounds.default, int) or bounds.default_text


@pytest.mark.parametrize("text", QUERIES)
def test_every_query_parses(text: str) -> None:
    promql_parser.parse(text)
    assert unbalanced(text) is None
    assert "$" not in text


@pytest.mark.parametrize("text", QUERIES)
def test_every_metric_is_known(text: str) -> None:
    assert set(re.findall(r"[a-z_]+_googleapis_com:[a-z_]+", text)) - METRICS == set()


def test_no_metric_of_the_list_is_left_over() -> None:
    queries = " ".join(str(param.values[0]) for param in QUERIES)
    assert {metric for metric in METRICS if metric not in queries} == set()


def test_the_parser_refuses_what_is_wrong() -> None:
    with pytest.raises(ValueError):
        promql_parser.parse("sum(rate(x[5m])")


@pytest.mark.parametrize("value", ['a"b', "a\\b", "a\nb", 'a\\"b', "ü{}()"])
def test_label_values_are_escaped(value: str) -> None:
    expression: Any = promql_parser.parse(f"up{{{query.labels(a=value)}}}")
    assert [matcher.value for matcher in expression.matchers.matchers] == [value]


@pytest.mark.parametrize("kind", ENVIRONMENTS)
def test_commands_are_filled_in(kind: str) -> None:
    for active in active_alerts(ENVIRONMENTS[kind]):
        assert active.alert is not None
        variables = shell_variables(ENVIRONMENTS[kind])
        for command in commands(active.alert, WORKLOADS[ENVIRONMENTS[kind].spec.service.kind]):
            assert command.startswith(("gcloud ", "curl "))
            assert set(re.findall(r"\$(\w+)", command)) <= set(variables)
            assert len(shlex.split(command)) > 2


@pytest.mark.parametrize(
    ("environment", "minutes"),
    [
        ({"schedule": {"cron": "15 3 * * *"}}, 24 * 60 + 5 + 15),
        ({"schedule": {"cron": "*/30 * * * *"}, "deadlineSeconds": 90}, 30 + 2 + 15),
        ({"schedule": {"cron": "0 6 * * 1-5"}}, 3 * 24 * 60 + 5 + 15),
        ({"schedule": {"cron": "0 0 * * 0"}, "deadlineSeconds": 3600, "maxRetries": 2}, 7 * 24 * 60 + 180 + 15),
    ],
)
def test_absence_follows_from_the_longest_gap(environment: dict[str, Any], minutes: int) -> None:
    names = everything("job", **environment)
    assert absence_minutes(Subject(names.spec, names.environment)) == minutes
    assert f"[{minutes}m])" in found("job-absent", names).query


def test_a_reference_job_of_a_week_is_watched_too() -> None:
    """The reference system watches no absence above 23 hours and a half."""
    assert found("job-absent", everything("job", schedule={"cron": "0 0 * * 0"})).severity == "warn"


def test_an_objective_of_999_allows_14_in_a_thousand_while_it_burns_fast() -> None:
    assert decimal(allowed_ratio(99.9, 14)) == "0.014"
    assert found("slo-availability-fast", ENVIRONMENTS["service"]).query.count("> 0.014") == 2
    latency = found("slo-latency-fast", ENVIRONMENTS["service"]).query
    assert latency.count("histogram_quantile(0.86,") == 2 and latency.count("> 500") == 2


@pytest.mark.parametrize(
    ("minutes", "words"), [(45, "for 45 min"), (60, "for 1 h"), (1515, "for 25 h 15 min"), (0, "for 0 min")]
)
def test_spans_are_told_in_hours(minutes: int, words: str) -> None:
    absent = BY_ID["job-absent"].threshold
    assert absent is not None and absent.worded(minutes) == f"{words} without success"


def test_startup_is_measured_against_the_probe() -> None:
    probes = {"timeoutSeconds": 5, "startupIntervalSeconds": 10, "startupFailureThreshold": 20}
    assert found("startup-latency", everything(healthProbes=probes)).threshold == 160
    assert found("startup-latency", everything(healthProbes={"enabled": False})).threshold == 192
    assert found("startup-latency", ENVIRONMENTS["job"]).threshold == 10
    assert found("startup-latency", ENVIRONMENTS["worker"]).threshold == 10


@pytest.mark.parametrize(
    ("count", "ids"),
    [
        (0, set()),
        (1, {"worker-down", "worker-restarts"}),
        (5, {"worker-down", "worker-restarts", "worker-instances"}),
    ],
)
def test_a_worker_is_watched_by_the_instances_it_shall_have(count: int, ids: set[str]) -> None:
    names = everything("worker", instances={"cpu": 1, "memory": "512Mi", "count": {"value": count, "reason": "as many as asked for"}})
    assert {alert.id for alert in active_alerts(names) if alert.id.startswith("worker-")} == ids
    if count == 5:
        assert (found("worker-instances", names).threshold, found("worker-restarts", names).threshold) == (5, 10)


def test_only_a_cache_with_a_replica_can_fail_over() -> None:
    names = everything(tier="test")
    assert "cache-failover" not in {alert.id for alert in active_alerts(names)}
    assert "cache-memory" in {alert.id for alert in active_alerts(names)}


def test_what_cannot_wait_is_a_page() -> None:
    pages = {alert.id for alert in TABLE if alert.severity == "page"}
    assert pages == {
        "request-5xx",
        "uptime",
        "iap-answer",
        "worker-down",
        "database-down",
        "database-disk",
        "key-lost",
        "slo-availability-fast",
        "slo-availability-slow",
        "slo-latency-fast",
        "slo-latency-slow",
    }


def test_the_kitchen_sink_tunes_and_silences(tmp_path: Path) -> None:
    path = tmp_path / "kitchen-sink" / "service.yaml"
    path.parent.mkdir()
    path.write_bytes((TESTDATA / "valid/kitchen-sink-service.yaml").read_bytes())
    fleet = load_fleet(TESTDATA / "platform.yaml", [path], tmp_path)
    assert fleet.platform is not None
    spec = fleet.services[0].spec
    prod = Names(spec, spec.environment("prod"), fleet.platform)
    staging = Names(spec, spec.environment("staging"), fleet.platform)
    assert (found("request-5xx", prod).threshold, found("request-5xx", prod).tuned) == (2, True)
    assert found("request-latency", staging).severity == "page"
    assert (found("container-cpu", prod).threshold, found("container-cpu", staging).threshold) == (95, 90)
    assert found("uptime", prod).severity == "warn"
    assert {silenced.alert.id for silenced in silenced_alerts(prod)} == {"container-memory", "database-locks"}
    assert {silenced.alert.id for silenced in silenced_alerts(staging)} == set()
    assert found("stuck-orders", prod).seconds == 600
    ratio = found("client-errors", staging).query
    promql_parser.parse(ratio)
    assert 'response_code_class="4xx",response_code!~"404|429"' in ratio and ratio.endswith("> 0.5")
    assert 'response_code="429"' in found("too-many-429", staging).query

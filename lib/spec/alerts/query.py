"""PromQL of one environment: the rows' queries with labels, thresholds and terms filled in.

Names of Google's metrics and labels in PromQL: https://cloud.google.com/monitoring/promql/promql-mapping
"""

from __future__ import annotations

from string import Template

from ..model.monitoring import ResponseCodeRatio
from ..names import Names
from ..workloads import WORKLOADS
from . import Alert, Subject


def labels(**values: str) -> str:
    """`a="x",b="y"`: label matchers, with every value escaped as PromQL's strings are.

    https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals
    """
    return ",".join(f'{name}="{escaped(value)}"' for name, value in values.items())


def escaped(value: str) -> str:
    """Text within PromQL's double quotes."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def selectors(names: Names) -> dict[str, str]:
    """Label matchers by what they choose. A project holds one service, and they name it all the same."""
    of_kind = {
        kind: labels(monitored_resource=workload.monitored, **{workload.label: names.service_name})
        for kind, workload in WORKLOADS.items()
    }
    return {
        "run": of_kind["service"],
        "job": of_kind["job"],
        "worker": of_kind["worker"],
        "run_any": of_kind[names.spec.service.kind],
        "sql": labels(
            monitored_resource="cloudsql_database", database_id=f"{names.project_id}:{names.database_instance}"
        ),
        "datastream": labels(monitored_resource="datastream.googleapis.com/Stream"),
        # The label `instance_id` holds the whole resource name in some metrics and the last part in others.
        "valkey": labels(monitored_resource="memorystore.googleapis.com/Instance"),
        "valkey_node": labels(monitored_resource="memorystore.googleapis.com/InstanceNode"),
        "uptime": labels(monitored_resource="uptime_url", host=names.dns_name or ""),
    }


def filled(names: Names, alert: Alert, threshold: int | None) -> str:
    """The alert's query for this environment."""
    values = selectors(names)
    if threshold is not None:
        values["threshold"] = str(threshold)
        if alert.terms is not None:
            values |= alert.terms(Subject(names.spec, names.environment), threshold)
    return Template(alert.query).substitute(values)


def chart(names: Names, alert: Alert) -> str:
    """What the dashboard shows of the alert; empty where it has no chart of its own."""
    return Template(alert.chart).substitute(selectors(names))


def ratio_query(names: Names, ratio: ResponseCodeRatio) -> str:
    """Whether the ratio of answers with one code, or one class of codes, to all answers is above its limit.

    Codes that the ratio excludes count neither above nor below the line.
    """
    run = selectors(names)["run"]
    excluded = "|".join(str(code) for code in sorted(ratio.exclude_codes))
    others = f',response_code!~"{excluded}"' if excluded else ""
    chosen = labels(response_code=str(ratio.code)) if ratio.code is not None else ""
    chosen = chosen or labels(response_code_class=ratio.code_class or "")
    metric = "run_googleapis_com:request_count"
    return (
        f"sum(rate({metric}{{{run},{chosen}{others}}}[5m])) / sum(rate({metric}{{{run}{others}}}[5m]))"
        f" > {ratio.ratio:.10g}"
    )

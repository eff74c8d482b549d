"""What an alert is, before any environment: one frozen row of the table in `spec.alerts`.

A row holds everything that anybody says about the alert. The stack `monitoring` makes a policy of it, the operations
guide a runbook entry, the reference page a line; the spec's keys that tune it are checked against its bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..workloads import WORKLOADS, Workload

if TYPE_CHECKING:
    from ..model.environment import Environment
    from ..model.root import ServiceSpec

Severity = Literal["page", "warn"]
"""`page`: somebody has to act now, at night too; `warn`: somebody should look in working hours."""

Group = Literal["container", "service", "job", "worker", "database", "cache", "delivery", "keys", "objectives"]
"""What an alert watches; the dashboard has a group of charts for each."""


@dataclass(frozen=True)
class Subject:
    """What an alert is about: one environment of one service."""

    spec: ServiceSpec
    environment: Environment

    @property
    def workload(self) -> Workload:
        return WORKLOADS[self.spec.service.kind]


@dataclass(frozen=True)
class Threshold:
    """The number that the query compares with.

    default        the number itself, or how it follows from the environment
    default_text   says in words where the default comes from, if it is no plain number
    least, most    bounds of what a spec may set
    when           how the query compares: `above` the number, `below` it, `from` it on, or `for` so long
    """

    unit: str
    default: int | Callable[[Subject], int]
    least: int
    most: int
    default_text: str = ""
    when: Literal["above", "below", "from", "for"] = "above"

    def worded(self, number: int) -> str:
        """`above 5 percent`, `for 25 h 15 min without success`"""
        if self.when == "for" and self.unit.startswith("minutes"):
            hours, minutes = divmod(number, 60)
            span = " ".join([*([f"{hours} h"] if hours else []), *([f"{minutes} min"] if minutes or not hours else [])])
            return f"for {span}{self.unit.removeprefix('minutes')}"
        return f"{self.when} {number} {self.unit}"

    def default_for(self, subject: Subject) -> int:
        return self.default if isinstance(self.default, int) else self.default(subject)


@dataclass(frozen=True)
class LogMetric:
    """A metric that counts entries of the logs, for what Google has no metric of its own.

    name    in PromQL: logging_googleapis_com:user_<name>
    filter  in Cloud Logging's language, with `$run`
    """

    name: str
    filter: str


@dataclass(frozen=True)
class Alert:
    """One built-in alert.

    id           stable: keys of specs, addresses of Terraform and anchors of guides are made of it
    query        PromQL that has a result while something is wrong; `$name` is filled in by `spec.alerts.query`
    chart        PromQL of what the dashboard shows; empty where another alert's chart shows it
    unit         of the chart's values
    seconds      how long the query must have had a result before anybody is told
    source       of the metrics and of what their values mean
    applies      whether the environment has what the alert watches
    counts       the metric that the query reads, where the platform has to make it first
    terms        further values for the query, computed from the threshold
    meaning      what has happened, in whole sentences; `first`, `causes` and `commands` tell what to do about it
    commands     shell commands that look and change nothing, with `$project`, `$region`, `$run`, `$database`,
                 `$cache` as words of their own or after a `=`, `$host` and `$log_filter` within double quotes
    """

    id: str
    title: str
    group: Group
    severity: Severity
    query: str
    seconds: int
    source: str
    meaning: str
    first: str
    causes: tuple[str, ...]
    commands: tuple[str, ...]
    applies: Callable[[Subject], bool]
    threshold: Threshold | None = None
    chart: str = ""
    counts: LogMetric | None = None
    terms: Callable[[Subject, int], Mapping[str, str]] | None = None

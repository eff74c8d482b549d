"""The alerts of one environment: those of the table that apply, as the spec tunes them, and the spec's own."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

from ..model.monitoring import CustomAlert, ResponseCodeRatio, Tuning
from ..names import Names
from ..workloads import WORKLOADS, Workload
from . import TABLE, Alert, Severity, Subject
from .query import filled, ratio_query


@dataclass(frozen=True)
class ActiveAlert:
    """One alert as it is in one environment.

    alert      the row of the table; None for an alert of the spec's own
    threshold  the number in force; None where the query has none
    reason     why the spec lowers it, where it does
    """

    id: str
    title: str
    severity: Severity
    query: str
    seconds: int
    meaning: str
    alert: Alert | None = None
    threshold: int | None = None
    tuned: bool = False
    reason: str | None = None

    @property
    def heading(self) -> str:
        """Heading of its entry in the operations guide."""
        return f"Alert {self.id}"

    @property
    def anchor(self) -> str:
        """What a link to that entry ends with."""
        return f"alert-{self.id}"


@dataclass(frozen=True)
class SilencedAlert:
    """An alert that the spec switches off, with its reason."""

    alert: Alert
    reason: str


def active_alerts(names: Names) -> tuple[ActiveAlert, ...]:
    """Everything that is watched in the environment, in the table's order, the spec's own at the end."""
    found = [_built_in(names, alert) for alert in applicable(names) if tuning(names, alert.id).enabled]
    alerts = names.spec.monitoring.alerts
    found += [_custom(alert) for alert in alerts.custom]
    if WORKLOADS[names.spec.service.kind].answers:
        found += [_ratio(names, ratio) for ratio in alerts.response_code_ratios]
    return tuple(found)


def silenced_alerts(names: Names) -> tuple[SilencedAlert, ...]:
    """What the spec has switched off."""
    return tuple(
        SilencedAlert(alert, tuning(names, alert.id).reason or "")
        for alert in applicable(names)
        if not tuning(names, alert.id).enabled
    )


def applicable(names: Names) -> tuple[Alert, ...]:
    """The rows of the table that have something to watch in the environment."""
    subject = Subject(names.spec, names.environment)
    return tuple(alert for alert in TABLE if alert.applies(subject))


def tuning(names: Names, alert_id: str) -> Tuning:
    """What the spec says about an alert: the environment's word replaces the service's."""
    of_service = names.spec.monitoring.alerts.built_in
    of_environment = names.environment.monitoring.built_in
    return of_environment.get(alert_id) or of_service.get(alert_id) or Tuning()


def _built_in(names: Names, alert: Alert) -> ActiveAlert:
    subject = Subject(names.spec, names.environment)
    tuned = tuning(names, alert.id)
    threshold = None
    if alert.threshold is not None:
        threshold = alert.threshold.default_for(subject) if tuned.threshold is None else tuned.threshold
    return ActiveAlert(
        id=alert.id,
        title=alert.title,
        severity=tuned.severity or alert.severity,
        query=filled(names, alert, threshold),
        seconds=alert.seconds,
        meaning=alert.meaning,
        alert=alert,
        threshold=threshold,
        tuned=tuned.threshold is not None,
        reason=tuned.reason,
    )


def _custom(alert: CustomAlert) -> ActiveAlert:
    return ActiveAlert(
        id=alert.id,
        title=alert.name,
        severity=alert.severity,
        query=alert.query,
        seconds=alert.duration_minutes * 60,
        meaning=alert.description,
    )


def _ratio(names: Names, ratio: ResponseCodeRatio) -> ActiveAlert:
    return ActiveAlert(
        id=ratio.id,
        title=ratio.name,
        severity=ratio.severity,
        query=ratio_query(names, ratio),
        seconds=ratio.duration_minutes * 60,
        meaning=ratio.description
        or f"More than {ratio.ratio * 100:.10g} % of requests are answered with {ratio.what}.",
    )


def shell_variables(names: Names) -> dict[str, str]:
    """What the commands of alerts use, by the name of a shell variable; what the environment lacks is left out."""
    environment = names.environment
    found = {"PROJECT": names.project_id, "REGION": names.region, "RUN": names.service_name}
    if environment.resources.postgres is not None:
        found["DATABASE"] = names.database_instance
    if environment.resources.redis is not None:
        found["CACHE"] = names.redis_instance
    if names.dns_name is not None:
        found["HOST"] = names.dns_name
    return found


def commands(alert: Alert, workload: Workload) -> tuple[str, ...]:
    """The alert's commands for a POSIX shell in which the variables above are set."""
    values = {name: f'"${name.upper()}"' for name in ("project", "region", "run", "database", "cache")}
    # These two stand within double quotes already.
    values["host"] = "$HOST"
    values["log_filter"] = f'resource.type=\\"{workload.monitored}\\" AND resource.labels.{workload.label}=\\"$RUN\\"'
    return tuple(Template(command).substitute(values) for command in alert.commands)

"""Stack `monitoring`: what is watched, what is promised, and who is told. Every alert is a row of `spec.alerts`.

It reads nothing of the stacks that it watches: alerts and charts name what they watch, so this stack can be planned and
applied whatever state the others are in.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

from spec.alerts import Severity
from spec.alerts.active import ActiveAlert, active_alerts, applicable
from spec.alerts.objectives import WINDOW_DAYS, decimal
from spec.alerts.query import escaped
from spec.alerts.recipients import told
from spec.alerts.service import PROXY_ANSWERS, UPTIME
from spec.constants import LIVE_PATH

from generator import charts
from generator.context import Context
from generator.engine import core
from generator.literal import literal
from generator.resources import alert_policy, dashboard, log_metric, notification_channel, objective, uptime_check
from generator.stacks.scope import Export, StackScope

NAME = "monitoring"

SEVERITIES: tuple[Severity, ...] = ("page", "warn")


@dataclass(frozen=True)
class Variables:
    project_number: Export


@dataclass(frozen=True)
class Outputs:
    pass


def build(app: core.App, context: Context, variables: Variables) -> Outputs:
    stack = StackScope(app, context, NAME)
    alerts = active_alerts(context.names)
    channels = _channels(stack, variables)
    _log_metrics(stack, alerts)
    _uptime_check(stack)
    _objectives(stack)
    for alert in alerts:
        _policy(stack, alert, channels[alert.severity])
    _dashboard(stack, alerts)
    for severity in SEVERITIES:
        stack.local(f"channels_{severity}", channels[severity])
    return Outputs()


def _channels(stack: StackScope, variables: Variables) -> dict[Severity, list[str]]:
    """The channels of the environment; severity → the names of those who are told."""
    context = stack.context
    by_severity = {severity: told(context.names, severity) for severity in SEVERITIES}
    # One whom nobody tells anything, such as the pager of an environment that does not page, has no channel here.
    needed = dict.fromkeys(recipient for recipients in by_severity.values() for recipient in recipients)
    made = {
        recipient.key: notification_channel.new(
            stack.tf,
            f"channel-{recipient.key}",
            notification_channel.Config(
                project_id=context.names.project_id,
                project_number=stack.read(variables.project_number),
                display_name=literal(f"{recipient.whose}: {recipient.role}"),
                address=recipient.address,
                labels=context.names.labels,
            ),
        ).name
        for recipient in needed
        if recipient.is_made
    }
    return {
        severity: [made.get(recipient.key, recipient.address) for recipient in recipients]
        for severity, recipients in by_severity.items()
    }


def _log_metrics(stack: StackScope, alerts: tuple[ActiveAlert, ...]) -> None:
    names = stack.context.names
    for active in alerts:
        if active.alert is not None and active.alert.counts is not None:
            counted = active.alert.counts
            log_metric.new(
                stack.tf,
                f"counted-{active.id}",
                log_metric.Config(
                    project_id=names.project_id,
                    name=counted.name,
                    description=active.title,
                    filter=Template(counted.filter).substitute(run=escaped(names.service_name)),
                ),
            )


def _uptime_check(stack: StackScope) -> None:
    names = stack.context.names
    if {UPTIME.id, PROXY_ANSWERS.id} & {alert.id for alert in applicable(names)} and names.dns_name is not None:
        uptime_check.new(
            stack.tf,
            "uptime",
            uptime_check.Config(
                project_id=names.project_id,
                host=names.dns_name,
                path=LIVE_PATH,
                behind_iap=stack.context.has_iap,
                labels=names.labels,
            ),
        )


def _objectives(stack: StackScope) -> None:
    names, slo = stack.context.names, stack.context.spec.monitoring.slo
    if slo is None or (slo.availability is None and slo.latency is None):
        return
    latency = slo.latency
    objective.new(
        stack.tf,
        "objective",
        objective.Config(
            project_id=names.project_id,
            service_id=names.service_id,
            display_name=literal(names.project_display_name),
            run_service=names.service_name,
            window_days=WINDOW_DAYS,
            availability=_part(slo.availability) if slo.availability is not None else None,
            latency=(_part(latency.target), latency.threshold_ms) if latency is not None else None,
            labels=names.labels,
        ),
    )


def _part(percent: float) -> float:
    """99.9 → 0.999, and not 0.9990000000000001."""
    return float(decimal(percent / 100))


def _policy(stack: StackScope, alert: ActiveAlert, channels: list[str]) -> None:
    names = stack.context.names
    alert_policy.new(
        stack.tf,
        f"alert-{alert.id}",
        alert_policy.Config(
            project_id=names.project_id,
            alert_id=alert.id,
            display_name=literal(f"{alert.title} ({alert.id})"),
            subject=literal(f"{names.project_display_name}: {alert.title}"),
            severity=alert.severity,
            query=literal(alert.query),
            seconds=alert.seconds,
            documentation=literal(_documentation(stack.context, alert)),
            link=_link(stack.context, alert),
            channels=channels,
            labels=names.labels,
        ),
    )


def _documentation(context: Context, alert: ActiveAlert) -> str:
    """What the message says: what it means, what to look at first, where the rest stands."""
    parts = [alert.meaning]
    if alert.threshold is not None and alert.alert is not None and alert.alert.threshold is not None:
        parts.append(f"Tells {alert.alert.threshold.worded(alert.threshold)}.")
    if alert.alert is not None:
        parts.append(f"First: {alert.alert.first}")
    parts.append(f"Runbook: `{context.guide_path}`, section “{alert.heading}”.")
    return "\n\n".join(parts)


def _link(context: Context, alert: ActiveAlert) -> str | None:
    return None if context.guide_address is None else f"{context.guide_address}#{alert.anchor}"


def _dashboard(stack: StackScope, alerts: tuple[ActiveAlert, ...]) -> None:
    context = stack.context
    dashboard.new(
        stack.tf,
        "dashboard",
        dashboard.Config(
            project_id=context.names.project_id,
            display_name=context.names.project_display_name,
            text=(
                f"Generated: edits are overwritten. What to do about each alert stands in `{context.guide_path}`."
                " The lines across are the alerts' thresholds."
            ),
            groups=charts.groups(context, alerts),
        ),
    )

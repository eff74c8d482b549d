"""Whoever has to act is told."""

from __future__ import annotations

from collections.abc import Iterator

import promql_parser
from spec.alerts.active import active_alerts
from spec.alerts.recipients import told

from generator.testing.invariants.made import Made, arguments, at

MAX_CHANNELS = 16
"""https://cloud.google.com/monitoring/quotas#alerting_uptime"""


def every_alert_reaches_somebody(made: Made) -> Iterator[str]:
    """An alert has a channel at least, and no more than Google takes; where the tier pages, a page has a pager."""
    for place in made.places:
        for where, body in place.each("google_monitoring_alert_policy"):
            channels = body.get("notification_channels") or []
            if not 1 <= len(channels) <= MAX_CHANNELS:
                yield f"{where} tells {len(channels)} channels"
            if len(set(channels)) != len(channels):
                yield f"{where} tells one channel twice"
            if body.get("enabled", True) is not True:
                yield f"{where} is switched off"
            if body.get("severity") == "CRITICAL" and place.safety.paging:
                if not any(one.role == "pager" for one in told(place.names, "page")):
                    yield f"{where} wakes nobody"


def every_alert_has_its_runbook_entry(made: Made) -> Iterator[str]:
    """The guide has an entry for each alert, and the alert's message leads there."""
    for place in made.places:
        policies = {
            at(body, "user_labels.alert"): (where, body)
            for where, body in place.each("google_monitoring_alert_policy")
            # What stack delivery tells of are releases on their way, no alerts.
            if where.startswith(f"{place.id}/monitoring ")
        }
        expected = {alert.id: alert for alert in active_alerts(place.names)}
        if policies.keys() != expected.keys():
            yield f"{place.id}: alerts {sorted(policies)} and not {sorted(expected)}"
        for id, (where, body) in policies.items():
            if f"({id})" not in body["display_name"]:
                yield f"{where} does not show its id"
            content = at(body, "documentation.content") or ""
            if f"{made.spec.service.id}/operations.md" not in content or len(content) > 8192:
                yield f"{where} does not lead to the guide"
            if not any(line.startswith("### ") and f"{id}" in line for line in made.guide.splitlines()):
                yield f"{where} has no entry in the guide"


def every_query_is_promql(made: Made) -> Iterator[str]:
    """Every query of an alert is read by Prometheus' own parser."""
    for place in made.places:
        for where, body in place.each("google_monitoring_alert_policy"):
            for path, query in arguments(body):
                if path.endswith("condition_prometheus_query_language.query"):
                    try:
                        promql_parser.parse(query.replace("$${", "${").replace("%%{", "%{"))
                    except ValueError as error:
                        yield f"{where}: {error}"


def every_channel_is_used(made: Made) -> Iterator[str]:
    """No channel is made that nobody is told by."""
    for place in made.places:
        terraform = place.stacks.get("monitoring", {})
        used = str([body["notification_channels"] for _, body in place.each("google_monitoring_alert_policy")])
        # Hand-written Terraform finds those of each severity in locals.
        used += str(terraform.get("locals"))
        for name in terraform.get("resource", {}).get("google_monitoring_notification_channel", {}):
            if f"google_monitoring_notification_channel.{name}." not in used:
                yield f"{place.id}/monitoring google_monitoring_notification_channel.{name} is told nothing"


PREDICATES = (
    every_alert_reaches_somebody,
    every_alert_has_its_runbook_entry,
    every_query_is_promql,
    every_channel_is_used,
)

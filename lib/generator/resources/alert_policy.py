"""An alerting policy of Cloud Monitoring with one condition in PromQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from constructs import Construct

from generator.engine import google

AUTO_CLOSE = "86400s"
"""An incident without data ends after a day."""

EVALUATION = "60s"
"""A multiple of 30 seconds; Google's own metrics have a value a minute."""

SEVERITIES = {"page": "CRITICAL", "warn": "WARNING"}


@dataclass(frozen=True)
class Config:
    project_id: str
    alert_id: str
    display_name: str
    subject: str
    severity: Literal["page", "warn"]
    query: str
    seconds: int
    documentation: str
    """Markdown, at most 8192 characters."""
    link: str | None
    """Where the runbook entry can be read."""
    channels: Sequence[str]
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Output:
    name: str


def new(scope: Construct, id: str, config: Config) -> Output:
    policy = google.monitoring_alert_policy
    return Output(
        name=policy.MonitoringAlertPolicy(
            scope,
            id,
            project=config.project_id,
            display_name=config.display_name,
            severity=SEVERITIES[config.severity],
            combiner="OR",
            enabled=True,
            conditions=[
                policy.MonitoringAlertPolicyConditions(
                    display_name=config.display_name,
                    condition_prometheus_query_language=policy.MonitoringAlertPolicyConditionsConditionPrometheusQueryLanguage(
                        query=config.query,
                        duration=f"{config.seconds}s",
                        evaluation_interval=EVALUATION,
                        alert_rule=config.alert_id.replace("-", "_"),
                        # Until a service has had its first request there is no such metric, and the policy would be refused.
                        disable_metric_validation=True,
                    ),
                )
            ],
            alert_strategy=policy.MonitoringAlertPolicyAlertStrategy(auto_close=AUTO_CLOSE),
            documentation=policy.MonitoringAlertPolicyDocumentation(
                subject=config.subject,
                content=config.documentation,
                mime_type="text/markdown",
                links=[policy.MonitoringAlertPolicyDocumentationLinks(display_name="Runbook", url=config.link)]
                if config.link
                else None,
            ),
            notification_channels=list(config.channels),
            user_labels={**config.labels, "alert": config.alert_id},
        ).name
    )

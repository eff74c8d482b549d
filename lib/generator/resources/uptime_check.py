"""A check from the Internet: Google's checkers around the world ask a page of the service once a minute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from constructs import Construct

from generator.engine import google

PERIOD = "60s"
TIMEOUT = "10s"
"""From 1 to 60 seconds; less than the period, and longer than a cold start should take."""


@dataclass(frozen=True)
class Config:
    project_id: str
    host: str
    path: str
    labels: Mapping[str, str]


def new(scope: Construct, id: str, config: Config) -> None:
    uptime = google.monitoring_uptime_check_config
    uptime.MonitoringUptimeCheckConfig(
        scope,
        id,
        project=config.project_id,
        display_name=config.host,
        period=PERIOD,
        timeout=TIMEOUT,
        http_check=uptime.MonitoringUptimeCheckConfigHttpCheck(
            path=config.path,
            port=443,
            request_method="GET",
            use_ssl=True,
            validate_ssl=True,
            accepted_response_status_codes=[
                uptime.MonitoringUptimeCheckConfigHttpCheckAcceptedResponseStatusCodes(status_class="STATUS_CLASS_2XX")
            ],
        ),
        monitored_resource=uptime.MonitoringUptimeCheckConfigMonitoredResource(
            type="uptime_url", labels={"project_id": config.project_id, "host": config.host}
        ),
        user_labels=dict(config.labels),
    )

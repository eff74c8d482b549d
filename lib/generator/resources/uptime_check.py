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
    behind_iap: bool
    """Whether the good answer is the refusal of Identity-Aware Proxy."""
    labels: Mapping[str, str]

AS_SCRIPT = {"X-Requested-With": "XMLHttpRequest"}
"""With it Identity-Aware Proxy answers 401; without, it sends to the page where one signs in, which says nothing about it.
Source: https://cloud.google.com/iap/docs/sessions-howto"""
REFUSED = 401


def new(scope: Construct, id: str, config: Config) -> None:
    uptime = google.monitoring_uptime_check_config
    accepted = uptime.MonitoringUptimeCheckConfigHttpCheckAcceptedResponseStatusCodes
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
            headers=AS_SCRIPT if config.behind_iap else None,
            accepted_response_status_codes=[
                accepted(status_value=REFUSED) if config.behind_iap else accepted(status_class="STATUS_CLASS_2XX")
            ],
        ),
        monitored_resource=uptime.MonitoringUptimeCheckConfigMonitoredResource(
            type="uptime_url", labels={"project_id": config.project_id, "host": config.host}
        ),
        user_labels=dict(config.labels),
    )

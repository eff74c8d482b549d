"""Service level objectives: the console shows how much of their error budgets is left. Alerts on them are policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from constructs import Construct

from generator.engine import google


@dataclass(frozen=True)
class Config:
    project_id: str
    service_id: str
    """Id within the project."""
    display_name: str
    run_service: str
    """Name of the Cloud Run service."""
    window_days: int
    availability: float | None
    """Part of requests that are not answered with 5xx, below 1."""
    latency: tuple[float, int] | None
    """Part of requests, and the milliseconds within which they are answered."""
    labels: Mapping[str, str]


def new(scope: Construct, id: str, config: Config) -> None:
    slo = google.monitoring_slo
    service = google.monitoring_custom_service.MonitoringCustomService(
        scope,
        id,
        project=config.project_id,
        service_id=config.service_id,
        display_name=config.display_name,
        user_labels=dict(config.labels),
    )
    if config.availability is not None:
        _objective(
            scope,
            f"{id}-availability",
            config,
            service.service_id,
            f"{_percent(config.availability)} % of requests don't fail",
            config.availability,
            slo.MonitoringSloRequestBasedSli(
                good_total_ratio=slo.MonitoringSloRequestBasedSliGoodTotalRatio(
                    total_service_filter=_metric(config, "run.googleapis.com/request_count"),
                    bad_service_filter=_metric(config, "run.googleapis.com/request_count")
                    + ' AND metric.labels.response_code_class="5xx"',
                )
            ),
        )
    if config.latency is not None:
        target, milliseconds = config.latency
        _objective(
            scope,
            f"{id}-latency",
            config,
            service.service_id,
            f"{_percent(target)} % of requests within {milliseconds} ms",
            target,
            slo.MonitoringSloRequestBasedSli(
                distribution_cut=slo.MonitoringSloRequestBasedSliDistributionCut(
                    distribution_filter=_metric(config, "run.googleapis.com/request_latencies"),
                    range=slo.MonitoringSloRequestBasedSliDistributionCutRange(max=milliseconds),
                )
            ),
        )


def _objective(
    scope: Construct,
    id: str,
    config: Config,
    service: str,
    display_name: str,
    goal: float,
    sli: google.monitoring_slo.MonitoringSloRequestBasedSli,
) -> None:
    google.monitoring_slo.MonitoringSlo(
        scope,
        id,
        project=config.project_id,
        service=service,
        slo_id=id,
        display_name=display_name,
        goal=goal,
        rolling_period_days=config.window_days,
        request_based_sli=sli,
        user_labels=dict(config.labels),
    )


def _metric(config: Config, metric: str) -> str:
    return (
        f'metric.type="{metric}" AND resource.type="cloud_run_revision"'
        f' AND resource.labels.service_name="{config.run_service}"'
    )


def _percent(part: float) -> str:
    return f"{part * 100:.10g}"

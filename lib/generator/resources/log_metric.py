"""A metric that counts entries of the logs."""

from __future__ import annotations

from dataclasses import dataclass

from constructs import Construct

from generator.engine import google


@dataclass(frozen=True)
class Config:
    project_id: str
    name: str
    description: str
    filter: str


def new(scope: Construct, id: str, config: Config) -> None:
    metric = google.logging_metric
    metric.LoggingMetric(
        scope,
        id,
        project=config.project_id,
        name=config.name,
        description=config.description,
        filter=config.filter,
        metric_descriptor=metric.LoggingMetricMetricDescriptor(metric_kind="DELTA", value_type="INT64", unit="1"),
    )

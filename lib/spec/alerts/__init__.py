"""Every alert that the platform has, in one table. See `spec.alerts.base.Alert` for what a row says."""

from __future__ import annotations

from . import analytics, container, delivery, job, keys, objectives, postgres, redis, service, worker
from .base import Alert, Group, LogMetric, Severity, Subject, Threshold

TABLE: tuple[Alert, ...] = (
    *service.ALERTS,
    *objectives.ALERTS,
    *job.ALERTS,
    *worker.ALERTS,
    *container.ALERTS,
    *postgres.ALERTS,
    *analytics.ALERTS,
    *redis.ALERTS,
    *delivery.ALERTS,
    *keys.ALERTS,
)
"""In the order in which guides and dashboards show them."""

BY_ID: dict[str, Alert] = {alert.id: alert for alert in TABLE}

IDS: tuple[str, ...] = tuple(BY_ID)

__all__ = ["BY_ID", "IDS", "TABLE", "Alert", "Group", "LogMetric", "Severity", "Subject", "Threshold"]

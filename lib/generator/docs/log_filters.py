"""Queries in Cloud Logging's language, for `gcloud logging read` and the Logs Explorer alike.

Source: https://cloud.google.com/logging/docs/view/logging-query-language, resource types and labels:
https://cloud.google.com/monitoring/api/resources
"""

from __future__ import annotations

from generator import audit
from spec.workloads import Workload

REQUEST_LOG = 'log_id("run.googleapis.com/requests")'
AUDIT_LOG = 'log_id("cloudaudit.googleapis.com/activity")'


def workload(kind: Workload, name: str) -> str:
    """Everything of a Cloud Run service, job or worker pool."""
    return f'resource.type="{kind.monitored}" AND resource.labels.{kind.label}={_text(name)}'


def without_requests(workload: str) -> str:
    """What a service and Cloud Run wrote, without the line for each request."""
    return f"{workload} AND NOT {REQUEST_LOG}"


def at_least_errors(workload: str) -> str:
    return f"{workload} AND severity>=ERROR"


def failed_requests(workload: str) -> str:
    return f"{workload} AND {REQUEST_LOG} AND httpRequest.status>=500"


def revision(workload: str, name: str) -> str:
    return f"{workload} AND resource.labels.revision_name={_text(name)}"


def container(workload: str, name: str) -> str:
    """What one container of several wrote: https://cloud.google.com/run/docs/logging"""
    return f"{workload} AND labels.container_name={_text(name)}"


def execution(workload: str, name: str) -> str:
    return f'{workload} AND labels."run.googleapis.com/execution_name"={_text(name)}'


def schedule(name: str) -> str:
    return f'resource.type="cloud_scheduler_job" AND resource.labels.job_id={_text(name)}'


def database(project_id: str, instance: str) -> str:
    return f'resource.type="cloudsql_database" AND resource.labels.database_id={_text(f"{project_id}:{instance}")}'


def load_balancer(url_map: str) -> str:
    return f'resource.type="http_load_balancer" AND resource.labels.url_map_name={_text(url_map)}'


def denied(load_balancer_filter: str) -> str:
    """Requests that Cloud Armor turned away. Source: https://cloud.google.com/armor/docs/request-logging"""
    return f'{load_balancer_filter} AND jsonPayload.enforcedSecurityPolicy.outcome="DENY"'


def changes() -> str:
    """Who changed what in the project."""
    return AUDIT_LOG


def data_access(*, without_statements: bool) -> str:
    """Who read or changed data through Google's APIs."""
    return f"{audit.DATA_ACCESS} AND NOT {audit.STATEMENT}" if without_statements else audit.DATA_ACCESS


def statements() -> str:
    """What people did inside the databases."""
    return f"{audit.DATA_ACCESS} AND {audit.STATEMENT}"


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

from __future__ import annotations

import pytest

from generator.docs import log_filters
from spec.workloads import JOB, SERVICE, WORKER


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (log_filters.workload(SERVICE, "s"), 'resource.type="cloud_run_revision" AND resource.labels.service_name="s"'),
        (log_filters.workload(JOB, "j"), 'resource.type="cloud_run_job" AND resource.labels.job_name="j"'),
        (
            log_filters.workload(WORKER, "w"),
            'resource.type="cloud_run_worker_pool" AND resource.labels.worker_pool_name="w"',
        ),
        (log_filters.schedule("j"), 'resource.type="cloud_scheduler_job" AND resource.labels.job_id="j"'),
        (log_filters.database("p", "i"), 'resource.type="cloudsql_database" AND resource.labels.database_id="p:i"'),
        (log_filters.load_balancer("m"), 'resource.type="http_load_balancer" AND resource.labels.url_map_name="m"'),
        (log_filters.execution("w", "e"), 'w AND labels."run.googleapis.com/execution_name"="e"'),
        (log_filters.revision("w", "r"), 'w AND resource.labels.revision_name="r"'),
        (log_filters.at_least_errors("w"), "w AND severity>=ERROR"),
        (log_filters.without_requests("w"), 'w AND NOT log_id("run.googleapis.com/requests")'),
        (log_filters.failed_requests("w"), 'w AND log_id("run.googleapis.com/requests") AND httpRequest.status>=500'),
        (log_filters.denied("b"), 'b AND jsonPayload.enforcedSecurityPolicy.outcome="DENY"'),
        (log_filters.changes(), 'log_id("cloudaudit.googleapis.com/activity")'),
    ],
)
def test_query(query: str, expected: str) -> None:
    assert query == expected


def test_a_name_can_t_leave_its_quotes() -> None:
    assert log_filters.workload(JOB, 'a" OR b="\\') == (
        r'resource.type="cloud_run_job" AND resource.labels.job_name="a\" OR b=\"\\"'
    )

"""The environments of the samples, as the generator would describe them."""

from __future__ import annotations

from runtime.contract import Kind
from spec.constants import CONTRACT

from ..described import Described, DescribedVariable

VALUES = {
    "MSP": "true",
    "SERVICE_ID": "sample",
    "ENVIRONMENT_ID": "test",
    "TIER": "test",
    "GOOGLE_CLOUD_PROJECT": "sample-test-0000",
    "GOOGLE_CLOUD_REGION": "europe-west1",
    "PGINSTANCE": "sample-test-0000:europe-west1:main",
    "PGUSER": "sample@sample-test-0000.iam",
    "PGROLE": "platform_owner",
    "PGPOOLSIZE": "5",
    "PGDATABASES": "sample",
    "JOB_DEADLINE_SECONDS": "600",
    "JOB_SCHEDULE": "Europe/Berlin 0 4 * * *",
    "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
    "OTEL_LOGS_EXPORTER": "none",
    "OTEL_SERVICE_NAME": "sample",
}


def described(kind: Kind, *, stores: bool = True) -> Described:
    """An environment with a collector and, where asked for, PostgreSQL and Redis."""
    wanted = {"always", "collector", kind, *(("postgres", "redis") if stores else ()), *(("schedule",) if kind == "job" else ())}
    name = "sample" if kind == "service" else f"sample-{kind}"
    values = {**VALUES, "SERVICE_ID": name, "OTEL_SERVICE_NAME": name}
    found = [DescribedVariable(one.name, one.kind, values.get(one.name)) for one in CONTRACT if one.when in wanted]
    if kind == "service":
        found.append(DescribedVariable("UPSTREAM_KEY", "secret"))
    return Described("test", found)

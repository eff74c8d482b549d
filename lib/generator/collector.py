"""The OpenTelemetry collector beside a service: the container, and what it is told to do.

It takes OTLP from the service at localhost and writes as the service's own identity: traces to Cloud Trace, metrics to
Managed Service for Prometheus, where PromQL finds them. The way is Google's:
https://cloud.google.com/stackdriver/docs/instrumentation/opentelemetry-collector-cloud-run
Its configuration holds no secret and no name, so it is a variable of the container (docs/adr/0019).
"""

from __future__ import annotations

from typing import Any

import yaml

from generator.literal import literal
from generator.resources.container import Sidecar
from spec.collector import CONTAINER, CPU, HEALTH_PORT, MEMORY_MEBIBYTES, OTLP_GRPC_PORT, OTLP_HTTP_PORT
from spec.platform.telemetry import Collector

VARIABLE = "OTELCOL_CONFIG"
"""Read by the collector's own `env:` provider."""

MEMORY_LIMIT = MEMORY_MEBIBYTES * 4 // 5
"""Mebibytes from which data is refused, so that a collector that can't get rid of it isn't killed with the instance."""

PROMETHEUS_LABELS = ("cluster", "instance", "job", "location", "namespace", "project_id")
"""Managed Service for Prometheus sets these itself, and refuses metrics that bring their own."""

CONFIGURATION: dict[str, Any] = {
    "receivers": {
        "otlp": {
            "protocols": {
                "grpc": {"endpoint": f"localhost:{OTLP_GRPC_PORT}"},
                "http": {"endpoint": f"localhost:{OTLP_HTTP_PORT}"},
            }
        }
    },
    "processors": {
        "memory_limiter": {
            "check_interval": "1s",
            "limit_mib": MEMORY_LIMIT,
            "spike_limit_mib": MEMORY_LIMIT // 4,
        },
        # Which revision and instance it was: the collector's are the service's.
        "resourcedetection": {"detectors": ["gcp"], "timeout": "10s"},
        "transform/labels": {
            "metric_statements": [
                {
                    "context": "datapoint",
                    "statements": [
                        statement
                        for label in PROMETHEUS_LABELS
                        for statement in (
                            f'set(attributes["exported_{label}"], attributes["{label}"])',
                            f'delete_key(attributes, "{label}")',
                        )
                    ],
                }
            ]
        },
        "batch": {"send_batch_size": 200, "send_batch_max_size": 200, "timeout": "5s"},
    },
    "exporters": {"googlecloud": {}, "googlemanagedprometheus": {}},
    "extensions": {"health_check": {"endpoint": f"0.0.0.0:{HEALTH_PORT}"}},
    "service": {
        "extensions": ["health_check"],
        "pipelines": {
            "traces": {
                "receivers": ["otlp"],
                "processors": ["memory_limiter", "resourcedetection", "batch"],
                "exporters": ["googlecloud"],
            },
            "metrics": {
                "receivers": ["otlp"],
                "processors": ["memory_limiter", "resourcedetection", "transform/labels", "batch"],
                "exporters": ["googlemanagedprometheus"],
            },
        },
        # What it has to say about itself is in its log; metrics about itself would be one more thing to pay for.
        "telemetry": {"logs": {"level": "warn", "encoding": "json"}, "metrics": {"level": "none"}},
    },
}


def sidecar(collector: Collector) -> Sidecar:
    """The container, for Terraform as well as for the manifest of a release."""
    return Sidecar(
        name=CONTAINER,
        image=collector.image,
        cpu=CPU,
        memory=f"{MEMORY_MEBIBYTES}Mi",
        arguments=[f"--config=env:{VARIABLE}"],
        environment={
            # The garbage collector works harder before the limiter has to refuse anything.
            "GOMEMLIMIT": f"{MEMORY_LIMIT}MiB",
            VARIABLE: literal(yaml.safe_dump(CONFIGURATION, width=1 << 20)),
        },
        ready_port=HEALTH_PORT,
        ready_path="/",
    )


def variables() -> dict[str, str]:
    """What the service is told: OpenTelemetry's own variables, which its libraries read by themselves.

    Source: https://opentelemetry.io/docs/specs/otel/protocol/exporter/
    """
    return {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://localhost:{OTLP_HTTP_PORT}",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_LOGS_EXPORTER": "none",
    }

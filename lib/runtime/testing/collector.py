"""A tiny OTLP/HTTP collector and a Sentry that keeps what it is sent: for tests of what really leaves a process."""

from __future__ import annotations

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


class Collector:
    """Listens on a free port until the block ends."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        """(path, headers, body), bodies unpacked."""
        self._changed = threading.Condition()
        kept = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                if self.headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                with kept._changed:
                    headers = {name.lower(): value for name, value in self.headers.items()}
                    kept.requests.append((self.path, headers, body))
                    kept._changed.notify_all()
                self.send_response(200)
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, format: str, *args: Any) -> None:
                return None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Collector:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def sentry_dsn(self) -> str:
        return f"http://public@127.0.0.1:{self._server.server_address[1]}/1"

    @property
    def spans(self) -> list[Span]:
        return [
            span
            for path, _, body in self.requests
            if path == "/v1/traces"
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    @property
    def resource(self) -> dict[str, str]:
        """The attributes of the first export's resource."""
        body = next(body for path, _, body in self.requests if path == "/v1/traces")
        found = ExportTraceServiceRequest.FromString(body).resource_spans[0].resource.attributes
        return {one.key: one.value.string_value for one in found}

    @property
    def metrics(self) -> set[str]:
        """Names of the metrics that came."""
        return {
            metric.name
            for path, _, body in self.requests
            if path == "/v1/metrics"
            for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }

    @property
    def sentry_items(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """(header, payload) of each item in Sentry's envelopes: https://develop.sentry.dev/sdk/data-model/envelopes/"""
        found = []
        for path, _, body in self.requests:
            if path == "/api/1/envelope/":
                lines = body.splitlines()[1:]
                found += [
                    (json.loads(head), json.loads(item)) for head, item in zip(lines[::2], lines[1::2], strict=False)
                ]
        return found

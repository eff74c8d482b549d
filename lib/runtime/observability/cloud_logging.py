"""Log records as JSON lines that Cloud Logging takes apart.

Special fields: https://cloud.google.com/logging/docs/agent/logging/configuration#special-fields
Error reports: https://cloud.google.com/error-reporting/docs/formatting-error-messages
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from opentelemetry import trace

from ..identity import Identity
from .request_scope import current_request

SEVERITIES = {
    logging.DEBUG: "DEBUG",
    logging.INFO: "INFO",
    logging.WARNING: "WARNING",
    logging.ERROR: "ERROR",
    logging.CRITICAL: "CRITICAL",
}

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
"""What every record has; the rest came in through `extra=`."""

REPORTED = "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent"


class CloudLoggingFormatter(logging.Formatter):
    """One line of JSON per record, correlated with the current trace."""

    def __init__(self, identity: Identity) -> None:
        super().__init__()
        self._project = identity.project
        self._service_context = {"service": identity.name, "version": identity.version}
        labels = {"service": identity.name, "environment": identity.environment, "version": identity.version}
        if identity.execution:
            labels["execution"] = identity.execution
        self._labels = labels

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "severity": severity(record.levelno),
            "message": record.getMessage(),
            "time": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
            "logger": record.name,
            "logging.googleapis.com/labels": self._labels,
            "logging.googleapis.com/sourceLocation": {
                "file": record.pathname,
                "line": str(record.lineno),
                "function": record.funcName,
            },
            **self._trace(),
            **extras(record),
        }
        if record.exc_info and record.exc_info[0] is not None:
            entry |= self._error(record)
        elif record.stack_info:
            entry["stack"] = record.stack_info
        return json.dumps(entry, ensure_ascii=False, default=str, separators=(",", ":"))

    def _trace(self) -> dict[str, Any]:
        context = trace.get_current_span().get_span_context()
        if not context.is_valid:
            return {}
        return {
            "logging.googleapis.com/trace": f"projects/{self._project}/traces/{context.trace_id:032x}",
            "logging.googleapis.com/spanId": f"{context.span_id:016x}",
            "logging.googleapis.com/trace_sampled": context.trace_flags.sampled,
        }

    def _error(self, record: logging.LogRecord) -> dict[str, Any]:
        assert record.exc_info is not None
        entry: dict[str, Any] = {"stack_trace": self.formatException(record.exc_info)}
        if record.levelno >= logging.ERROR:
            entry |= {"@type": REPORTED, "serviceContext": self._service_context}
            request = current_request()
            if request is not None:
                entry["context"] = {"httpRequest": request.for_error_reporting()}
        return entry


def severity(level: int) -> str:
    """Cloud Logging's word for a level, of which there may be others than the usual five."""
    below = [known for known in SEVERITIES if known <= level]
    return SEVERITIES[max(below)] if below else "DEFAULT"


def extras(record: logging.LogRecord) -> dict[str, Any]:
    """What the caller gave in `extra=`; `httpRequest` among it is Cloud Logging's own structure."""
    return {name: value for name, value in vars(record).items() if name not in STANDARD}

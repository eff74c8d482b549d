"""Sets logging up: one handler on standard error, JSON on the platform and readable lines elsewhere."""

from __future__ import annotations

import logging
import os
import sys
from typing import TextIO

from ..contract import Options
from ..identity import Identity
from .cloud_logging import CloudLoggingFormatter
from .terminal import TerminalFormatter

CHATTY = ("httpx", "urllib3", "google.auth", "opentelemetry", "sentry_sdk", "asyncio", "alembic")
"""Libraries whose INFO says nothing about the service."""


class StandardErrorHandler(logging.StreamHandler[TextIO]):
    """Writes to what is standard error now, as tests and supervisors replace it; a closed one is no reason to fail."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr

    def handleError(self, record: logging.LogRecord) -> None:
        """A reader that went away must not turn each log line into a traceback."""
        if not isinstance(sys.exc_info()[1], (BrokenPipeError, ValueError)):
            super().handleError(record)


def configure_logs(identity: Identity, options: Options) -> logging.Handler:
    """Replace whatever handlers the root logger has. Returns the new one."""
    handler = StandardErrorHandler()
    handler.setFormatter(
        CloudLoggingFormatter(identity) if options.log_format == "json" else TerminalFormatter(colour=_shows_colour())
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(options.log_level.upper())
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    # What uvicorn calls errors are the application's, and the guard has logged them with their request.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    logging.captureWarnings(True)
    return handler


def _shows_colour() -> bool:
    """https://no-color.org, https://force-color.org"""
    return (sys.stderr.isatty() or bool(os.environ.get("FORCE_COLOR"))) and not os.environ.get("NO_COLOR")

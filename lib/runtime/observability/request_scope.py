"""The request that the current task works on, for log lines and error reports."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class CurrentRequest:
    """What may be said about a request: never its query, its headers or its body, which may hold secrets."""

    method: str
    path: str
    user_agent: str
    protocol: str

    def for_error_reporting(self) -> dict[str, str]:
        return {"method": self.method, "url": self.path, "userAgent": self.user_agent}

    def for_logging(self, status: int, seconds: float) -> dict[str, Any]:
        """https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#HttpRequest"""
        return {
            "requestMethod": self.method,
            "requestUrl": self.path,
            "status": status,
            "userAgent": self.user_agent,
            "protocol": self.protocol,
            "latency": f"{seconds:.6f}s",
        }


_SCOPE: ContextVar[Mapping[str, Any] | None] = ContextVar("runtime_request", default=None)


def set_current(scope: Mapping[str, Any]) -> None:
    """Remember an ASGI scope for this task and those it starts."""
    _SCOPE.set(scope)


def current_request() -> CurrentRequest | None:
    """The request of this task; None outside of one."""
    scope = _SCOPE.get()
    return None if scope is None else request_of(scope)


def request_of(scope: Mapping[str, Any]) -> CurrentRequest:
    agent = next((value for name, value in scope["headers"] if name == b"user-agent"), b"")
    return CurrentRequest(
        method=scope.get("method", "WEBSOCKET"),
        path=scope["path"],
        user_agent=agent.decode("latin-1"),
        protocol=f"HTTP/{scope.get('http_version', '1.1')}",
    )

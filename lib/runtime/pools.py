"""What is measured of pools of connections, by OpenTelemetry's names: https://opentelemetry.io/docs/specs/semconv/database/database-metrics/"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation

meter = metrics.get_meter("runtime.pools")

POOL = "db.client.connection.pool.name"
STATE = "db.client.connection.state"

WAIT_TIME = meter.create_histogram(
    "db.client.connection.wait_time", unit="s", description="How long callers wait for a connection."
)
TIMEOUTS = meter.create_counter(
    "db.client.connection.timeouts", unit="{timeout}", description="Callers that got no connection in time."
)
RETRIES = meter.create_counter(
    "db.client.operation.retries", unit="{retry}", description="Transactions and commands that were done again."
)


@dataclass(frozen=True)
class Usage:
    """A pool at one moment: numbers of connections, and of callers that wait for one."""

    in_use: int
    idle: int
    waiting: int
    size: int
    """The most connections that it may hold."""


_pools: dict[str, Callable[[], Usage]] = {}


def watch(name: str, usage: Callable[[], Usage]) -> None:
    """Measure a pool from now on. (Instruments can't be taken back, so there is one set for all pools.)"""
    _pools[name] = usage


def forget(name: str) -> None:
    _pools.pop(name, None)


def _connections(_: CallbackOptions) -> Iterable[Observation]:
    for name, usage in tuple(_pools.items()):
        now = usage()
        yield Observation(now.in_use, {POOL: name, STATE: "used"})
        yield Observation(now.idle, {POOL: name, STATE: "idle"})


def _waiting(_: CallbackOptions) -> Iterable[Observation]:
    return [Observation(usage().waiting, {POOL: name}) for name, usage in tuple(_pools.items())]


def _sizes(_: CallbackOptions) -> Iterable[Observation]:
    return [Observation(usage().size, {POOL: name}) for name, usage in tuple(_pools.items())]


meter.create_observable_up_down_counter("db.client.connection.count", [_connections], unit="{connection}")
meter.create_observable_up_down_counter("db.client.connection.pending_requests", [_waiting], unit="{request}")
meter.create_observable_up_down_counter("db.client.connection.max", [_sizes], unit="{connection}")

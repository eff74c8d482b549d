"""How the library uses a database, unless a service says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    """All times in seconds."""

    statement_timeout: float = 30.0
    """After this the server ends a statement. `Database.transaction(statement_timeout=…)` for one that may take longer."""
    lock_timeout: float = 5.0
    """How long a statement waits for a lock."""
    idle_in_transaction_timeout: float = 60.0
    """After this the server ends a session that holds a transaction open and does nothing."""
    connect_timeout: int = 5
    wait_timeout: float = 5.0
    """How long a caller waits for a connection out of the pool."""
    max_waiting: int = 200
    """Callers that may wait for each database; one more is turned away at once."""
    unavailable_wait: float = 1.0
    """How long a caller waits while the last attempt to connect has failed."""
    answer_margin: float = 5.0
    """What is added to `statement_timeout` until a silent server counts as gone."""
    max_lifetime: float = 30 * 60.0
    """After this a connection is replaced, when it comes back to the pool."""
    max_idle: float = 5 * 60.0
    """After this a connection that nobody needs is closed, down to one."""
    check_after_idle: float = 5.0
    """A connection that was not used for so long is tried before it is given out: Cloud Run may have stopped the process'
    time, and the network forgotten the connection meanwhile."""
    check_timeout: float = 2.0
    weights: Mapping[str, int] = field(default_factory=dict)
    """Database -> its weight when the pool's budget is shared; 1 where it is not named."""
    trace_arguments: bool = False
    """Whether arguments of statements are recorded in traces. They are personal data more often than not."""

    def session_options(self, role: str | None) -> str:
        """Parameters of every session, as libpq's `options`.

        Role and time-outs come with the connection itself: there is no moment without them, and no round trip for them.
        https://www.postgresql.org/docs/current/runtime-config-client.html
        """
        values: dict[str, str | int] = {
            "statement_timeout": milliseconds(self.statement_timeout),
            "lock_timeout": milliseconds(self.lock_timeout),
            "idle_in_transaction_session_timeout": milliseconds(self.idle_in_transaction_timeout),
            # So that the server notices a client that has vanished, and its connection stops counting.
            "tcp_keepalives_idle": 30,
            "tcp_keepalives_interval": 10,
            "tcp_keepalives_count": 3,
            "client_connection_check_interval": 10_000,
        }
        if role is not None:
            values["role"] = role
        return " ".join(f"-c {name}={value}" for name, value in values.items())


def milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000)) if seconds > 0 else 0


def shares(budget: int, databases: tuple[str, ...], weights: Mapping[str, int] | None = None) -> dict[str, int]:
    """Connections for each database: at least one, together exactly `budget`, the rest by weight.

    ValueError where the budget can't give each database one. Earlier databases get what does not divide evenly.
    """
    if budget < len(databases):
        raise ValueError(f"{budget} connections for {len(databases)} databases")
    weight = {name: (weights or {}).get(name, 1) for name in databases}
    total = sum(weight.values())
    spare = budget - len(databases)
    given = {name: 1 + spare * weight[name] // total for name in databases}
    for name in databases[: budget - sum(given.values())]:
        given[name] += 1
    return given

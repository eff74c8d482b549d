"""How events are kept and sent, unless a service says otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """All times in seconds."""

    max_waiting: int = 100_000
    """Events that may wait in one database, over all instances. One more is dropped, counted and logged.

    The bound is kept to within what all instances record between two looks at the table, `interval` apart."""
    max_waiting_bytes: int = 32 * 1024 * 1024
    """Bytes that may wait in this instance's files, where there is no database."""
    max_held: int = 1_000
    """Events that wait in memory while the database can't be reached."""
    record_wait: float = 1.0
    """How long `record` waits for the database before it keeps the event in memory."""
    batch: int = 500
    """Events of one request."""
    gather: float = 0.25
    """How long the first event waits for others."""
    interval: float = 15.0
    """How often each instance looks for what another one left behind; up to a quarter of it is chance."""
    lease: float = 60.0
    """For so long what an instance has begun to send is its own. After a crash another one sends it then."""
    send_timeout: float = 40.0
    """Of one batch, with its one retry; shorter than the lease."""
    retry_base: float = 1.0
    retry_cap: float = 60.0
    """While nothing can be delivered, the pause doubles from the base up to here; half of it is chance."""
    refusals: int = 6
    """So often an event may be refused for its own sake until it is dead: columns may come minutes after the code."""
    refused_pause: float = 30.0
    """Before a refused event is tried again; twice as long each time, sixteen minutes in all."""
    dead_days: int = 30
    """How long dead events are kept, for somebody to look at them."""
    close_timeout: float = 3.0
    """How long the end may take to send what waits. What is not sent stays where it is kept."""

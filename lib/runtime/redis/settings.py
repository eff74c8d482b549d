"""How the library uses a cache, unless a service says otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """All times in seconds."""

    max_connections: int = 20
    connect_timeout: float = 2.0
    command_timeout: float = 2.0
    """How long one answer may take."""
    wait_timeout: float = 2.0
    """How long a caller waits for a connection out of the pool."""
    retries: int = 2
    """How often connecting is tried again, and a command that only reads. A command that writes is never sent twice: after
    a lost connection nobody knows whether it was done."""
    retry_base: float = 0.05
    retry_cap: float = 0.5
    """The pause before a retry doubles from the base up to here; half of it is chance."""
    retry_within: float = 4.0
    """No retry begins later than this after the first try."""
    check_after_idle: float = 5.0
    """A connection that was not used for so long is tried before a command goes over it."""
    max_lifetime: float = 6 * 3600.0
    """After this a connection is made anew. (Memorystore ends a sign-in by identity after twelve hours.)"""
    verify_host: bool = False
    """Whether the server's certificate has to carry the host's name. Memorystore is addressed by a private address and has
    authorities of its own: that one of them signed is the proof."""

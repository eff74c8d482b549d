"""How the library uses the authorisation server, unless a service says otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """All times in seconds."""

    timeout: float = 1.5
    """How long one try may take."""
    within: float = 4.0
    """How long a caller waits, over all tries."""
    retries: int = 2
    """How often a call is tried again. Every call may be: to write what is there and to remove what is not is no error."""
    retry_base: float = 0.05
    retry_cap: float = 0.5
    """The pause before a retry doubles from the base up to here; half of it is chance."""
    max_connections: int = 50
    settle: float = 4.0
    """Stores have no unique names. Whoever makes one waits so long, and takes the oldest of that name then: longer than a
    try to make one takes, plus what servers' clocks may differ by. It happens once in a store's life."""
    models: int = 200
    """How many of the store's models, the newest first, are compared with the service's own."""


WRITE_LIMIT = 100
"""Tuples in one transaction: OpenFGA's OPENFGA_MAX_TUPLES_PER_WRITE unless its operators raised it."""

BATCH_LIMIT = 50
"""Checks in one batch: OpenFGA's OPENFGA_MAX_CHECKS_PER_BATCH_CHECK."""

MODEL_PAGE = 50
"""Models in one page, https://openfga.dev/api/service: page_size of ReadAuthorizationModels is at most 50."""

STORE_PAGE = 50

"""How a program that failed is reported, and the exit code of it."""

from __future__ import annotations

import logging

from ..contract import ConfigurationError, UndeclaredResourceError
from .stop import FAILED, FINE, MISUSED, Exited

LOGGER = logging.getLogger("runtime")


def failed(name: str, error: BaseException, *, starting: bool = False) -> int:
    """Log why a program's own code ended; the exit code."""
    if isinstance(error, Exited):
        LOGGER.log(logging.INFO if error.exit_code == FINE else logging.CRITICAL, "%s ends: %s", name, error)
        return error.exit_code
    if isinstance(error, ConfigurationError | UndeclaredResourceError):
        LOGGER.critical("%s can't %s: %s", name, "start" if starting else "run", error)
        return MISUSED
    what = "can't start" if starting else "failed"
    LOGGER.critical("%s %s: %s: %s", name, what, type(error).__name__, error, exc_info=error)
    return FAILED

"""The environment as typed values: what the platform promised (Contract), the library's knobs (Options), the service's own
settings (runtime.env). Standard library only."""

from __future__ import annotations

from .errors import ConfigurationError, Problem, UndeclaredFlagsError, UndeclaredResourceError
from .options import Options, read_options
from .read import Contract, Kind, Tier, read_contract
from .reader import Reader, Variable
from .resources import (
    AuthorizationContract,
    BigQueryContract,
    CallerContract,
    JobContract,
    PostgresContract,
    RedisContract,
    ScheduleContract,
)
from .undeclared import undeclared
from .values import Secret

__all__ = [
    "AuthorizationContract",
    "BigQueryContract",
    "CallerContract",
    "ConfigurationError",
    "Contract",
    "JobContract",
    "Kind",
    "Options",
    "PostgresContract",
    "Problem",
    "Reader",
    "RedisContract",
    "ScheduleContract",
    "Secret",
    "Tier",
    "UndeclaredFlagsError",
    "UndeclaredResourceError",
    "Variable",
    "read_contract",
    "read_options",
    "undeclared",
]

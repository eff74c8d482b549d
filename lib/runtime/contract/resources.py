"""What an environment's variables say, as values: one class for each kind of resource."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class PostgresContract:
    """The environment's PostgreSQL instance."""

    instance: str
    """Cloud SQL connection name; empty locally."""
    host: str
    user: str
    role: str | None
    """The role to take on after connecting, which owns the tables (docs/adr/0007)."""
    pool_size: int
    """Connections that this process may hold, over all databases."""
    databases: tuple[str, ...]
    dsn: str | None = field(default=None, repr=False)
    """Locally only: a connection string with `{database}` where the database's name goes. It may hold a password."""


@dataclass(frozen=True)
class RedisContract:
    """The environment's cache: `rediss://` with IAM sign-in on the platform, `redis://` locally."""

    endpoint: str = field(repr=False)
    ca_certificate: str | None = field(default=None, repr=False)
    """Certificate authorities of the cache as PEM text."""


@dataclass(frozen=True)
class BigQueryContract:
    project: str
    dataset: str
    tables: tuple[str, ...] = ()
    """Those that the spec declares."""
    local_folder: Path | None = None
    """Off the platform: where rows go, as files; None: into the log."""


@dataclass(frozen=True)
class AuthorizationContract:
    """The OpenFGA server that answers who may do what."""

    api_url: str
    audience: str | None
    """What tokens of the workload's identity have to be for; None where the server asks for none."""
    store: str
    """The name of the environment's own store there."""


@dataclass(frozen=True)
class CallerContract:
    """Pub/Sub and Cloud Tasks as callers of the service: what their tokens must say."""

    service_url: str
    """Where they call, and the audience of their tokens."""
    invoker_email: str


@dataclass(frozen=True)
class ScheduleContract:
    timezone: str
    """IANA name."""
    cron: str
    """Five fields."""


@dataclass(frozen=True)
class JobContract:
    deadline_seconds: int | None
    """How long this attempt may take; None locally, where nothing ends it."""
    schedule: ScheduleContract | None
    execution: str | None
    """Cloud Run's id of the execution."""
    attempt: int
    """0 for the first attempt of the execution."""

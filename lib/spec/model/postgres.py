"""`resources.postgres`: Cloud SQL for PostgreSQL."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .base import Section, key
from .names import DatabaseName
from .tiered import Tiered
from .warehouse import Analytics

Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

_SETTINGS = "https://cloud.google.com/sql/docs/postgres/instance-settings"


class Maintenance(Section):
    """The hour of the week in which Google may restart the database for updates."""

    day: Day = key("Day of the week, in UTC.", default="monday")
    hour: int = key(
        "Hour of the day, in UTC.",
        default=4,
        ge=0,
        le=23,
        unit="hour",
        source="https://cloud.google.com/sql/docs/postgres/maintenance",
    )


class Postgres(Section):
    """A PostgreSQL instance of the service's own: private address only, TLS and IAM sign-in only."""

    version: Literal[14, 15, 16, 17] = key(
        "Major version of PostgreSQL. It can be raised in place, never lowered.",
        default=17,
        source="https://cloud.google.com/sql/docs/postgres/db-versions",
    )
    databases: tuple[DatabaseName, ...] = key(
        "The databases to make. Removing one from the list needs allowDestroys.",
        min_length=1,
        examples=(["accounts"],),
        source="https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS",
    )
    cpu: int = key("CPUs: 1, or an even number up to 96.", default=1, ge=1, le=96, unit="vCPU", source=_SETTINGS)
    memory_gb: int = key(
        "Memory: at least 4, and from 0.9 to 6.5 for each CPU.", default=4, ge=4, le=624, unit="GB", source=_SETTINGS
    )
    disk_gb: int = key(
        "Disk to begin with; it grows by itself and never shrinks.",
        default=10,
        ge=10,
        le=65536,
        unit="GB",
        source=_SETTINGS,
    )
    max_connections: int | None = key(
        "Connections that PostgreSQL accepts. A change restarts the database.",
        default=None,
        default_text="Cloud SQL's own, by memory: 100 below 6 GB up to 1000 from 120 GB",
        ge=14,
        le=262143,
        unit="connections",
        source="https://cloud.google.com/sql/docs/postgres/flags#postgres-m",
    )
    high_availability: Tiered[bool] | None = key(
        "Whether a standby in a second zone takes over when the first fails. Needs pointInTimeRecovery.",
        default=None,
        default_text="by tier",
        source="https://cloud.google.com/sql/docs/postgres/high-availability",
    )
    point_in_time_recovery: Tiered[bool] | None = key(
        "Whether the database can be put back to any second of the last seven days.",
        default=None,
        default_text="by tier",
        source="https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr",
    )
    backup_retention_days: Tiered[Annotated[int, Field(ge=1, le=365)]] | None = key(
        "For how many days a daily backup is kept.",
        default=None,
        default_text="by tier",
        unit="days",
        source="https://cloud.google.com/sql/docs/postgres/backup-recovery/backups",
    )
    audit_logging: Tiered[bool] | None = key(
        "Whether every statement is recorded that somebody other than the service itself sends (pgAudit).",
        default=None,
        default_text="by tier",
        source="https://cloud.google.com/sql/docs/postgres/pg-audit",
    )
    analytics: Analytics | None = key(
        "Copies of tables in BigQuery, kept up to date. Adding or removing the block restarts the database.",
        default=None,
        default_text="none",
        source="https://cloud.google.com/datastream/docs/overview",
    )
    maintenance: Maintenance = key(
        "The hour of the week in which Google may restart the database for updates.",
        default=Maintenance.model_construct(),
    )

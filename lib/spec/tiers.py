"""What a tier means for safety: one table, and the reading of one environment against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from .model.environment import Environment
from .model.rollout import Stage
from .model.tiered import Reasoned, Tier, plain

StandingAccess = Literal["readWrite", "read", "metadata"]
"""What owners may do at any time without asking.

readWrite  viewer, logs, write to databases, caches, buckets, topics and queues
read       viewer, logs, read databases and buckets
metadata   names, settings, states and metrics alone; no log contents, no data
"""

DataAccessLogs = Literal["data", "credentials", "everything"]
"""Whose use is recorded, person by person, in the audit logs of Google's APIs.

data         databases
credentials  databases, secrets, and identities taken on
everything   databases, secrets, identities, and logs and buckets that were read
"""

Level = Literal["read", "write", "deploy", "break_glass"]
"""A level of time-bound access, as `environments[].access` names them."""

Safer = Literal["true", "more", "less", "fixed"]


def _nowhere(environment: Environment) -> None:
    """No environment declares such a value."""


@dataclass(frozen=True)
class Knob:
    """One row of the tier table.

    key        the key below `environments[]` that overrides the default; "" where nothing does
    safer      which value is the safer one: `true`, `more`, `less`, or `fixed` where the spec has no say
    read       finds the value an environment declares, None where it declares none
    """

    name: str
    key: str
    test: Any
    internal: Any
    external: Any
    safer: Safer
    read: Callable[[Environment], Any] = _nowhere

    @property
    def is_declared_in_environments(self) -> bool:
        """Whether an environment may declare a value of its own."""
        return self.read is not _nowhere

    def default(self, tier: Tier) -> Any:
        """The tier's default."""
        return {"test": self.test, "internal": self.internal, "external": self.external}[tier]

    def lowers(self, tier: Tier, value: Any) -> bool:
        """Whether the value is less safe than the tier's default."""
        if self.safer == "true":
            return bool(self.default(tier)) and not value
        if self.safer == "less":
            return bool(value > self.default(tier))
        return self.safer == "more" and bool(value < self.default(tier))


def _postgres(environment: Environment, attribute: str) -> Any:
    postgres = environment.resources.postgres
    return None if postgres is None else getattr(postgres, attribute)


def _redis_high_availability(environment: Environment) -> Any:
    redis = environment.resources.redis
    return None if redis is None else redis.high_availability


def _encryption(environment: Environment, attribute: str) -> Any:
    return None if environment.encryption is None else getattr(environment.encryption, attribute)


def _firewall(environment: Environment) -> Any:
    return None if environment.domain is None else environment.domain.web_application_firewall


POSTGRES_HIGH_AVAILABILITY = Knob(
    "Standby for PostgreSQL in a second zone", "resources.postgres.highAvailability",
    test=False, internal=False, external=True, safer="true",
    read=lambda environment: _postgres(environment, "high_availability"),
)  # fmt: skip
POSTGRES_POINT_IN_TIME_RECOVERY = Knob(
    "Recovery of PostgreSQL to any second of seven days", "resources.postgres.pointInTimeRecovery",
    test=False, internal=True, external=True, safer="true",
    read=lambda environment: _postgres(environment, "point_in_time_recovery"),
)  # fmt: skip
POSTGRES_BACKUP_RETENTION_DAYS = Knob(
    "Days for which daily backups of PostgreSQL are kept", "resources.postgres.backupRetentionDays",
    test=7, internal=30, external=90, safer="more",
    read=lambda environment: _postgres(environment, "backup_retention_days"),
)  # fmt: skip
POSTGRES_AUDIT_LOGGING = Knob(
    "Record of the statements that people send to PostgreSQL", "resources.postgres.auditLogging",
    test=True, internal=True, external=True, safer="true",
    read=lambda environment: _postgres(environment, "audit_logging"),
)  # fmt: skip
REDIS_HIGH_AVAILABILITY = Knob(
    "Replica of the cache in a second zone", "resources.redis.highAvailability",
    test=False, internal=False, external=True, safer="true",
    read=_redis_high_availability,
)  # fmt: skip
BUCKET_RECOVERY_DAYS = Knob(
    "Days for which deleted and replaced objects of buckets can be brought back", "",
    test=7, internal=30, external=90, safer="fixed",
)  # fmt: skip
MIN_INSTANCES = Knob(
    "Instances kept running without traffic", "instances.scaling.minCount",
    test=0, internal=0, external=1, safer="more",
    read=lambda environment: environment.instances.scaling.min_count,
)  # fmt: skip
WORKER_INSTANCES = Knob(
    "Instances of a worker", "instances.count",
    test=1, internal=1, external=2, safer="more",
    read=lambda environment: environment.instances.count,
)  # fmt: skip
WEB_APPLICATION_FIREWALL = Knob(
    "Cloud Armor before the domain", "domain.webApplicationFirewall",
    test=False, internal=True, external=True, safer="true",
    read=_firewall,
)  # fmt: skip
LOG_RETENTION_DAYS = Knob(
    "Days for which the service's logs are kept", "logs.retentionDays",
    test=30, internal=90, external=90, safer="more",
    read=lambda environment: environment.logs.retention_days,
)  # fmt: skip
AUDIT_RETENTION_DAYS = Knob(
    "Days for which is known who read or changed data", "logs.auditRetentionDays",
    test=30, internal=90, external=400, safer="more",
    read=lambda environment: environment.logs.audit_retention_days,
)  # fmt: skip
AUDIT_LOCKED = Knob(
    "That record locked, so that nobody can shorten it", "logs.auditLocked",
    test=False, internal=False, external=True, safer="true",
    read=lambda environment: environment.logs.audit_locked,
)  # fmt: skip
DATA_ACCESS_LOGS = Knob(
    "Whose use is recorded", "",
    test="data", internal="credentials", external="everything", safer="fixed",
)  # fmt: skip
KEY_ROTATION_DAYS = Knob(
    "Days after which the environment's own keys are changed", "encryption.rotationDays",
    test=90, internal=90, external=90, safer="less",
    read=lambda environment: _encryption(environment, "rotation_days"),
)  # fmt: skip
KEY_DESTRUCTION_DAYS = Knob(
    "Days for which a key that somebody wants destroyed can be brought back", "encryption.destroyScheduledDays",
    test=7, internal=30, external=90, safer="more",
    read=lambda environment: _encryption(environment, "destroy_scheduled_days"),
)  # fmt: skip
PAGING = Knob(
    "Whether alerts that can't wait wake somebody", "monitoring.paging",
    test=False, internal=True, external=True, safer="true",
    read=lambda environment: environment.monitoring.paging,
)  # fmt: skip

ByTier = tuple[Any, Any, Any]
"""The values in tiers test, internal and external."""


def _declared_term(environment: Environment, level: Level, attribute: str) -> Any:
    return getattr(getattr(environment.access, level), attribute)


def _terms(level: Level, key: str, words: str, minutes: ByTier, approval: ByTier | None) -> dict[str, Knob]:
    """The two rows of one level of time-bound access."""
    rows: tuple[tuple[str, str, str, Safer, ByTier | None], ...] = (
        ("max_minutes", "maxMinutes", f"Minutes for which {words} is given at most", "less", minutes),
        ("approval", "approval", f"Approval before {words}", "true", approval),
    )
    return {
        attribute: Knob(
            name, f"access.{key}.{name_of_key}", *values, safer=safer,
            read=partial(_declared_term, level=level, attribute=attribute),
        )
        for attribute, name_of_key, name, safer, values in rows
        if values is not None
    }  # fmt: skip


TIME_BOUND_ACCESS: dict[Level, dict[str, Knob]] = {
    "read": _terms("read", "read", "access to read", (480, 240, 60), (False, False, True)),
    "write": _terms("write", "write", "access to write", (480, 240, 60), (False, True, True)),
    "deploy": _terms("deploy", "deploy", "access to deploy", (480, 240, 60), (False, True, True)),
    "break_glass": {
        **_terms("break_glass", "breakGlass", "access for emergencies", (120, 60, 30), None),
        # There may be nobody to ask: it is short, and others are told.
        "approval": Knob("Approval before access for emergencies", "", False, False, False, "fixed"),
    },
}
DELETION_PROTECTION = Knob(
    "Protection against deletion, lifted only by `allowDestroys`", "allowDestroys",
    test=True, internal=True, external=True, safer="fixed",
)  # fmt: skip
STANDING_ACCESS = Knob(
    "Owners' standing access", "",
    test="readWrite", internal="read", external="metadata", safer="fixed",
)  # fmt: skip
DIGEST_REQUIRED = Knob(
    "Image named by digest", "",
    test=False, internal=True, external=True, safer="fixed",
)  # fmt: skip
ROLLOUT_APPROVAL = Knob(
    "Approval before a release comes to the environment", "rollout.stages[].approval",
    test=False, internal=False, external=True, safer="true",
)  # fmt: skip
"""Declared outside of the environment: `spec.rules.rollout` asks for the reason, `approval_required` reads it."""

TABLE: tuple[Knob, ...] = (
    POSTGRES_HIGH_AVAILABILITY,
    POSTGRES_POINT_IN_TIME_RECOVERY,
    POSTGRES_BACKUP_RETENTION_DAYS,
    POSTGRES_AUDIT_LOGGING,
    REDIS_HIGH_AVAILABILITY,
    BUCKET_RECOVERY_DAYS,
    MIN_INSTANCES,
    WORKER_INSTANCES,
    WEB_APPLICATION_FIREWALL,
    LOG_RETENTION_DAYS,
    AUDIT_RETENTION_DAYS,
    AUDIT_LOCKED,
    DATA_ACCESS_LOGS,
    KEY_ROTATION_DAYS,
    KEY_DESTRUCTION_DAYS,
    PAGING,
    DELETION_PROTECTION,
    STANDING_ACCESS,
    DIGEST_REQUIRED,
    *(knob for level in TIME_BOUND_ACCESS.values() for knob in level.values()),
    ROLLOUT_APPROVAL,
)
"""Everything a tier decides, apart from the folder, which platform.yaml names. The reference page prints this table."""


@dataclass(frozen=True)
class Terms:
    """On which terms one level of access is given."""

    max_minutes: int
    approval: bool


@dataclass(frozen=True)
class Safety:
    """What one environment ends up with: what it declares, otherwise its tier's default.

    Values about a resource that the environment does not have are the tier's default, and mean nothing.
    """

    postgres_high_availability: bool
    postgres_point_in_time_recovery: bool
    postgres_backup_retention_days: int
    postgres_audit_logging: bool
    redis_high_availability: bool
    bucket_recovery_days: int
    min_instances: int
    worker_instances: int
    web_application_firewall: bool
    log_retention_days: int
    audit_retention_days: int
    audit_locked: bool
    data_access_logs: DataAccessLogs
    key_rotation_days: int
    key_destruction_days: int
    paging: bool
    standing_access: StandingAccess
    deletion_protection: bool
    digest_required: bool
    access: Mapping[Level, Terms]


def resolve(environment: Environment) -> Safety:
    """The environment's safety settings: declared values over the tier's defaults."""

    def value(knob: Knob) -> Any:
        declared: Any | Reasoned[Any] = knob.read(environment)
        return knob.default(environment.tier) if declared is None else plain(declared)

    return Safety(
        postgres_high_availability=value(POSTGRES_HIGH_AVAILABILITY),
        postgres_point_in_time_recovery=value(POSTGRES_POINT_IN_TIME_RECOVERY),
        postgres_backup_retention_days=value(POSTGRES_BACKUP_RETENTION_DAYS),
        postgres_audit_logging=value(POSTGRES_AUDIT_LOGGING),
        redis_high_availability=value(REDIS_HIGH_AVAILABILITY),
        bucket_recovery_days=value(BUCKET_RECOVERY_DAYS),
        min_instances=value(MIN_INSTANCES),
        worker_instances=value(WORKER_INSTANCES),
        web_application_firewall=value(WEB_APPLICATION_FIREWALL),
        log_retention_days=value(LOG_RETENTION_DAYS),
        audit_retention_days=value(AUDIT_RETENTION_DAYS),
        audit_locked=value(AUDIT_LOCKED),
        data_access_logs=value(DATA_ACCESS_LOGS),
        key_rotation_days=value(KEY_ROTATION_DAYS),
        key_destruction_days=value(KEY_DESTRUCTION_DAYS),
        paging=value(PAGING),
        standing_access=value(STANDING_ACCESS),
        deletion_protection=not environment.allow_destroys,
        digest_required=value(DIGEST_REQUIRED),
        access={
            level: Terms(**{attribute: value(knob) for attribute, knob in knobs.items()})
            for level, knobs in TIME_BOUND_ACCESS.items()
        },
    )


def approval_required(environment: Environment, stage: Stage) -> bool:
    """Whether a release waits for somebody's approval before it comes to this stage."""
    return bool(ROLLOUT_APPROVAL.default(environment.tier) if stage.approval is None else plain(stage.approval))

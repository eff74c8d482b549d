"""The tier table, and what becomes of it in an environment."""

from __future__ import annotations

from typing import Any

import pytest

from spec import tiers
from spec.model import Environment, Stage
from spec.model.tiered import Tier
from spec.tiers import TABLE, Level, Safety, Terms, resolve


def environment(tier: Tier, **changes: Any) -> Environment:
    return Environment.model_validate(
        {
            "id": "dev",
            "projectId": "thing-dev-1f3a",
            "tier": tier,
            "deploy": {"type": "manual", "tag": "main"},
            "instances": {"cpu": 1, "memory": "1Gi"},
            **changes,
        }
    )


DEFAULTS: dict[Tier, Safety] = {
    "test": Safety(
        postgres_high_availability=False,
        postgres_point_in_time_recovery=False,
        postgres_backup_retention_days=7,
        postgres_audit_logging=True,
        redis_high_availability=False,
        bucket_recovery_days=7,
        min_instances=0,
        worker_instances=1,
        web_application_firewall=False,
        log_retention_days=30,
        audit_retention_days=30,
        audit_locked=False,
        data_access_logs="data",
        key_rotation_days=90,
        key_destruction_days=7,
        paging=False,
        standing_access="readWrite",
        deletion_protection=True,
        digest_required=False,
        access={
            "read": Terms(480, approval=False),
            "write": Terms(480, approval=False),
            "deploy": Terms(480, approval=False),
            "break_glass": Terms(120, approval=False),
        },
    ),
    "internal": Safety(
        postgres_high_availability=False,
        postgres_point_in_time_recovery=True,
        postgres_backup_retention_days=30,
        postgres_audit_logging=True,
        redis_high_availability=False,
        bucket_recovery_days=30,
        min_instances=0,
        worker_instances=1,
        web_application_firewall=True,
        log_retention_days=90,
        audit_retention_days=90,
        audit_locked=False,
        data_access_logs="credentials",
        key_rotation_days=90,
        key_destruction_days=30,
        paging=True,
        standing_access="read",
        deletion_protection=True,
        digest_required=True,
        access={
            "read": Terms(240, approval=False),
            "write": Terms(240, approval=True),
            "deploy": Terms(240, approval=True),
            "break_glass": Terms(60, approval=False),
        },
    ),
    "external": Safety(
        postgres_high_availability=True,
        postgres_point_in_time_recovery=True,
        postgres_backup_retention_days=90,
        postgres_audit_logging=True,
        redis_high_availability=True,
        bucket_recovery_days=90,
        min_instances=1,
        worker_instances=2,
        web_application_firewall=True,
        log_retention_days=90,
        audit_retention_days=400,
        audit_locked=True,
        data_access_logs="everything",
        key_rotation_days=90,
        key_destruction_days=90,
        paging=True,
        standing_access="metadata",
        deletion_protection=True,
        digest_required=True,
        access={
            "read": Terms(60, approval=True),
            "write": Terms(60, approval=True),
            "deploy": Terms(60, approval=True),
            "break_glass": Terms(30, approval=False),
        },
    ),
}
"""Written out a second time on purpose: a change of the table is a change of every service, and shows here."""


@pytest.mark.parametrize("tier", ["test", "internal", "external"])
def test_defaults(tier: Tier) -> None:
    assert resolve(environment(tier)) == DEFAULTS[tier]


REASON = "it is only a test of the table"

LEVELS: dict[str, Level] = {"read": "read", "write": "write", "deploy": "deploy", "breakGlass": "break_glass"}

OVERRIDES: dict[str, tuple[dict[str, Any], str, Any]] = {
    "resources.postgres.highAvailability": (
        {"resources": {"postgres": {"databases": ("a",), "highAvailability": False}}},
        "postgres_high_availability",
        False,
    ),
    "resources.postgres.pointInTimeRecovery": (
        {"resources": {"postgres": {"databases": ("a",), "pointInTimeRecovery": {"value": False, "reason": REASON}}}},
        "postgres_point_in_time_recovery",
        False,
    ),
    "resources.postgres.backupRetentionDays": (
        {"resources": {"postgres": {"databases": ("a",), "backupRetentionDays": 120}}},
        "postgres_backup_retention_days",
        120,
    ),
    "resources.postgres.auditLogging": (
        {"resources": {"postgres": {"databases": ("a",), "auditLogging": {"value": False, "reason": REASON}}}},
        "postgres_audit_logging",
        False,
    ),
    "resources.redis.highAvailability": (
        {"resources": {"redis": {"highAvailability": {"value": False, "reason": REASON}}}},
        "redis_high_availability",
        False,
    ),
    "instances.scaling.minCount": (
        {"instances": {"cpu": 1, "memory": "1Gi", "scaling": {"minCount": {"value": 0, "reason": REASON}}}},
        "min_instances",
        0,
    ),
    "instances.count": ({"instances": {"cpu": 1, "memory": "1Gi", "count": 4}}, "worker_instances", 4),
    "domain.webApplicationFirewall": (
        {"domain": {"zone": "acme.example", "subdomain": "a", "webApplicationFirewall": False}},
        "web_application_firewall",
        False,
    ),
    "logs.retentionDays": ({"logs": {"retentionDays": 365}}, "log_retention_days", 365),
    "logs.auditRetentionDays": (
        {"logs": {"auditRetentionDays": {"value": 90, "reason": REASON}}},
        "audit_retention_days",
        90,
    ),
    "logs.auditLocked": ({"logs": {"auditLocked": {"value": False, "reason": REASON}}}, "audit_locked", False),
    "encryption.rotationDays": (
        {"encryption": {"customerManagedKeys": True, "rotationDays": 30}},
        "key_rotation_days",
        30,
    ),
    "encryption.destroyScheduledDays": (
        {"encryption": {"customerManagedKeys": True, "destroyScheduledDays": {"value": 7, "reason": REASON}}},
        "key_destruction_days",
        7,
    ),
    "monitoring.paging": ({"monitoring": {"paging": {"value": False, "reason": REASON}}}, "paging", False),
    "allowDestroys": ({"allowDestroys": True}, "deletion_protection", False),
    **{
        f"access.{key}.maxMinutes": (
            {"access": {key: {"maxMinutes": {"value": 90, "reason": REASON}}}},
            "access",
            {**DEFAULTS["external"].access, level: Terms(90, DEFAULTS["external"].access[level].approval)},
        )
        for key, level in LEVELS.items()
    },
    **{
        f"access.{key}.approval": (
            {"access": {key: {"approval": {"value": False, "reason": REASON}}}},
            "access",
            {**DEFAULTS["external"].access, level: Terms(60, approval=False)},
        )
        for key, level in LEVELS.items()
        if key != "breakGlass"
    },
}


def test_every_key_of_the_table_is_tried_here() -> None:
    assert {knob.key for knob in TABLE if knob.key} == {*OVERRIDES, "rollout.stages[].approval"}


@pytest.mark.parametrize(
    ("tier", "stage", "required"),
    [
        ("test", {}, False),
        ("internal", {}, False),
        ("external", {}, True),
        ("test", {"approval": True}, True),
        ("external", {"approval": {"value": False, "reason": REASON}}, False),
    ],
)
def test_a_release_to_customers_is_approved(tier: Tier, stage: dict[str, Any], required: bool) -> None:
    declared = Stage.model_validate({"environment": "dev", **stage})
    assert tiers.approval_required(environment(tier), declared) is required


@pytest.mark.parametrize("key", OVERRIDES)
def test_a_declared_value_replaces_the_default_and_nothing_else(key: str) -> None:
    changes, attribute, value = OVERRIDES[key]
    safety = resolve(environment("external", **changes))
    expected = {**vars(DEFAULTS["external"]), attribute: value}
    assert vars(safety) == expected


def test_what_is_less_safe() -> None:
    availability, days = tiers.POSTGRES_HIGH_AVAILABILITY, tiers.POSTGRES_BACKUP_RETENTION_DAYS
    assert availability.lowers("external", False)
    assert not availability.lowers("external", True)
    assert not availability.lowers("test", False), "as safe as the default"
    assert not availability.lowers("test", True)
    assert days.lowers("internal", 29)
    assert not days.lowers("internal", 30)
    assert not days.lowers("internal", 31)
    minutes = tiers.TIME_BOUND_ACCESS["write"]["max_minutes"]
    assert minutes.lowers("external", 61)
    assert not minutes.lowers("external", 60)
    assert not minutes.lowers("external", 30)
    assert not tiers.STANDING_ACCESS.lowers("external", "readWrite"), "no spec can change it"

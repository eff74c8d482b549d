"""A Cloud SQL for PostgreSQL instance: private address only, TLS required, IAM users, backups by tier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google
from spec import limits

DAYS = {
    "monday": 1,
    "tuesday": 2,
    "wednesday": 3,
    "thursday": 4,
    "friday": 5,
    "saturday": 6,
    "sunday": 7,
}
"""Cloud SQL counts a week's days from Monday = 1."""

LOG_FLAGS = {
    "log_checkpoints": "on",
    "log_connections": "on",
    "log_disconnections": "on",
    "log_lock_waits": "on",
    "log_min_error_statement": "error",
    "log_statement": "ddl",
    "log_temp_files": "0",
}
"""What PostgreSQL writes into its log whoever works: sessions, waits, changes of tables, statements that failed.

Not `log_hostname`: addresses in the private network have no names, and looking for one delays each connection.
Source: https://cloud.google.com/sql/docs/postgres/flags
"""

AUDIT_FLAGS = {
    "cloudsql.enable_pgaudit": "on",
    "pgaudit.log": "read,write,function,role,ddl",
    "pgaudit.log_relation": "on",
}
"""For every user, because people's users are theirs alone and not known beforehand; the workload's is switched off
inside the database. Statements without their parameters, which may be customers' data.
Source: https://cloud.google.com/sql/docs/postgres/pg-audit"""

ADMIN_USER = "msp-admin"
"""The built-in user that grants and revokes; nobody works with it, and the workload can't read its password."""


@dataclass(frozen=True)
class Config:
    project_id: str
    name: str
    region: str
    network_id: str
    version: int
    cpu: int
    memory_gb: int
    disk_gb: int
    max_connections: int | None
    audit_logging: bool
    logical_decoding: bool
    """Whether changes can be streamed out of it (Datastream)."""
    databases: Sequence[str]
    high_availability: bool
    point_in_time_recovery: bool
    backup_retention_days: int
    maintenance_day: str
    maintenance_hour: int
    labels: Mapping[str, str]
    deletion_protection: bool
    lifecycle: core.TerraformResourceLifecycle | None
    admin_password: str
    """Reference to an ephemeral value."""
    service_account_users: Mapping[str, str]
    """Service accounts that may log in: a stable name -> e-mail address without `.gserviceaccount.com`."""
    group_users: Mapping[str, str]
    """Groups whose members may log in as themselves: a stable name -> e-mail address."""
    kms_key: str | None = None
    """Key of the environment's own that encrypts it; None for Google's."""


@dataclass(frozen=True)
class Output:
    name: str
    connection_name: str
    private_ip: str


def new(scope: Construct, id: str, config: Config) -> Output:
    instance = google.sql_database_instance.SqlDatabaseInstance(
        scope,
        id,
        project=config.project_id,
        name=config.name,
        region=config.region,
        database_version=f"POSTGRES_{config.version}",
        encryption_key_name=config.kms_key,
        deletion_protection=config.deletion_protection,
        settings=_settings(config),
        lifecycle=config.lifecycle,
    )
    for database in config.databases:
        google.sql_database.SqlDatabase(
            scope,
            f"{id}-{database}",
            project=config.project_id,
            instance=instance.name,
            name=database,
            # With the instance gone there is nothing to drop, and a drop before that loses data.
            deletion_policy="ABANDON",
            lifecycle=config.lifecycle,
        )
    _users(scope, id, config, instance.name)
    return Output(
        name=instance.name,
        connection_name=instance.connection_name,
        private_ip=instance.private_ip_address,
    )


def _settings(config: Config) -> google.sql_database_instance.SqlDatabaseInstanceSettings:
    sql = google.sql_database_instance
    flags = {"cloudsql.iam_authentication": "on", **LOG_FLAGS, **(AUDIT_FLAGS if config.audit_logging else {})}
    if config.logical_decoding:
        flags["cloudsql.logical_decoding"] = "on"
    if config.max_connections is not None:
        flags["max_connections"] = str(config.max_connections)
    return sql.SqlDatabaseInstanceSettings(
        # Without an edition, PostgreSQL 16 and later become Enterprise Plus, which has no db-custom machines.
        # Source: https://cloud.google.com/sql/docs/postgres/editions-intro
        edition="ENTERPRISE",
        tier=limits.postgres_tier(config.cpu, config.memory_gb),
        availability_type="REGIONAL" if config.high_availability else "ZONAL",
        disk_type="PD_SSD",
        disk_size=config.disk_gb,
        disk_autoresize=True,
        deletion_protection_enabled=config.deletion_protection,
        connector_enforcement="NOT_REQUIRED",
        user_labels=dict(config.labels),
        database_flags=[
            sql.SqlDatabaseInstanceSettingsDatabaseFlags(name=name, value=value)
            for name, value in sorted(flags.items())
        ],
        ip_configuration=sql.SqlDatabaseInstanceSettingsIpConfiguration(
            ipv4_enabled=False,
            private_network=config.network_id,
            enable_private_path_for_google_cloud_services=True,
            ssl_mode="ENCRYPTED_ONLY",
        ),
        backup_configuration=sql.SqlDatabaseInstanceSettingsBackupConfiguration(
            enabled=True,
            start_time="02:00",
            location=config.region,
            point_in_time_recovery_enabled=config.point_in_time_recovery,
            transaction_log_retention_days=7,
            backup_retention_settings=sql.SqlDatabaseInstanceSettingsBackupConfigurationBackupRetentionSettings(
                retained_backups=config.backup_retention_days, retention_unit="COUNT"
            ),
        ),
        maintenance_window=sql.SqlDatabaseInstanceSettingsMaintenanceWindow(
            day=DAYS[config.maintenance_day], hour=config.maintenance_hour, update_track="stable"
        ),
        insights_config=sql.SqlDatabaseInstanceSettingsInsightsConfig(
            query_insights_enabled=True,
            query_string_length=4096,
            record_application_tags=True,
            record_client_address=True,
        ),
    )


def _users(scope: Construct, id: str, config: Config, instance: str) -> None:
    user = google.sql_user.SqlUser
    user(
        scope,
        f"{id}-admin",
        project=config.project_id,
        instance=instance,
        name=ADMIN_USER,
        password_wo=config.admin_password,
        password_wo_version=1,
        deletion_policy="ABANDON",
    )
    for prefix, kind, names in (
        ("account", "CLOUD_IAM_SERVICE_ACCOUNT", config.service_account_users),
        ("group", "CLOUD_IAM_GROUP", config.group_users),
    ):
        for key, name in names.items():
            user(
                scope,
                f"{id}-{prefix}-{key}",
                project=config.project_id,
                instance=instance,
                name=name,
                type=kind,
                # PostgreSQL refuses to drop a role that owns or has been granted something.
                deletion_policy="ABANDON",
            )

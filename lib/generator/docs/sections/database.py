"""The database of each environment: what it is, who is what in it, how to look inside, how to get data back."""

from __future__ import annotations

from generator.docs import links
from generator.docs.inline import Text, code, fmt, join, link
from generator.docs.markdown import Block, Blocks, anchor, careful, facts, heading, paragraph, shell, table
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.sections import access, applying, private_network, time_bound
from generator.docs.sections.variables import plain_value
from generator.docs.shell import command, gcloud, quote
from generator.docs.terraform_json import first, resources
from spec import limits
from spec.model import Postgres

ROLES = {
    "msp_owner": "owns every table and makes new ones",
    "msp_reader": "reads every table, also those made later",
    "msp_writer": "reads and writes every table, also those made later",
}
"""The roles that stack `grants` makes (`generator.resources.database_roles`), in words."""


def title(environment: EnvironmentGuide) -> str:
    return f"Database of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = []
    for environment in guide.environments:
        postgres = environment.context.environment.resources.postgres
        if postgres is not None:
            found += _environment(environment, postgres)
    return [heading(2, "Database"), *found] if found else []


def _environment(environment: EnvironmentGuide, postgres: Postgres) -> Blocks:
    return [
        heading(3, title(environment), environment.id),
        facts(_facts(environment, postgres)),
        paragraph(
            fmt(
                "The {} connects to the private address in {} with TLS, as {} with a short-lived token of its own"
                " identity: there is no password. It then takes on the role in {}, so that whatever a migration makes"
                " belongs to that role.",
                environment.context.spec.service.kind,
                code("PGHOST"),
                code(environment.context.names.workload_db_user),
                code("PGROLE"),
            )
        ),
        table(("Role", "May", "Who"), _roles(environment)),
        *_look_inside(environment, postgres),
        *_get_back(environment),
        heading(4, private_network.title(environment)),
        *private_network.blocks(environment),
    ]


def _facts(environment: EnvironmentGuide, postgres: Postgres) -> list[tuple[Text, Text]]:
    instance, project = environment.context.names.database_instance, environment.project_id
    safety = environment.context.safety
    connections = postgres.max_connections or limits.default_max_connections(postgres.memory_gb)
    pool = plain_value(environment, "PGPOOLSIZE")
    maintenance = postgres.maintenance
    rows: list[tuple[Text, Text]] = [
        ("Instance", link(instance, links.sql_instance(project, instance))),
        ("Slow queries", link("Query Insights", links.query_insights(project, instance))),
        ("Version", f"PostgreSQL {postgres.version} (Cloud SQL)"),
        (
            "Size",
            f"{postgres.cpu} vCPU, {postgres.memory_gb} GB memory, disk from {postgres.disk_gb} GB, grows by itself",
        ),
        ("Databases", join(map(code, postgres.databases))),
        ("Standby", "in a second zone, takes over by itself" if safety.postgres_high_availability else "none"),
        ("Backups", _backups(environment)),
        ("Maintenance", f"{maintenance.day.capitalize()}s, {maintenance.hour:02}:00 UTC: may restart it"),
        ("Connections", f"{connections} at most"),
    ]
    if pool is not None:
        rows.append(("Of these", _pool(environment, pool)))
    return rows


def _backups(environment: EnvironmentGuide) -> Text:
    """As stack `data` sets them."""
    instance = first(environment.stack("data"), "google_sql_database_instance")
    if instance is None:
        return ""
    backups = ("settings", "backup_configuration")
    daily = f"daily at {instance.value(*backups, 'start_time')} UTC"
    kept = f"the last {instance.value(*backups, 'backup_retention_settings', 'retained_backups')} are kept"
    days = instance.value(*backups, "transaction_log_retention_days")
    back = (
        f"any second of the last {days} days can be had back"
        if _has_recovery(environment)
        else "no recovery to a moment"
    )
    return f"{daily}, {kept}; {back}"


def _has_recovery(environment: EnvironmentGuide) -> bool:
    return environment.context.safety.postgres_point_in_time_recovery


def _pool(environment: EnvironmentGuide, pool: str) -> str:
    workload = environment.workload
    if not workload.stays:
        return f"{pool} for a run of the job"
    instances = workload.most_instances(environment.context.environment)
    return f"{pool} for each of at most {instances} instances of the {workload.kind}"


def _roles(environment: EnvironmentGuide) -> list[tuple[Text, ...]]:
    stack = environment.stack("grants")
    members: dict[str, list[Text]] = {}
    for resource in resources(stack, "postgresql_grant_role"):
        members.setdefault(resource.text("grant_role"), []).append(code(resource.text("role")))
    names = [resource.text("name") for resource in resources(stack, "postgresql_role")]
    return [(code(name), ROLES.get(name, ""), join(members.get(name, ["nobody"]))) for name in names]


def _look_inside(environment: EnvironmentGuide, postgres: Postgres) -> Blocks:
    who = (
        "Owners may log in at all times."
        if access.may_at_all_times(environment, access.DATABASE_LOGIN)
        else fmt(
            "Owners may not log in at all times: {}.",
            access.how_to_get_more(environment),
        )
    )
    return [
        paragraph(
            fmt(
                "**Look inside**, read-only, as yourself, through {}; in a shell without the two exports of {}.",
                link("a way into the network", anchor(private_network.title(environment))),
                link(applying.TITLE, anchor(applying.TITLE)),
            ),
            who,
        ),
        shell(
            "export PGSSLMODE=require PGOPTIONS='-c default_transaction_read_only=on'",
            "user=$(gcloud config get account)",
            f"PGPASSWORD=$(gcloud sql generate-login-token) {_psql(postgres)}",
        ),
        *_write(environment, postgres),
    ]


def _write(environment: EnvironmentGuide, postgres: Postgres) -> Blocks:
    """As the account that writes for people, where there is one: Cloud SQL knows it by another name than IAM."""
    names = environment.context.names
    if time_bound.entitlement(environment, "write") is None:
        return []
    token = gcloud("sql", "generate-login-token", impersonate_service_account=names.operator_email)
    return [
        paragraph(
            fmt(
                "**Write**, as {}, which {} lets you take on ({}); the audit log keeps your own name beside it. Begin a"
                " transaction, look at what it did, and only then commit:",
                code(names.operator_db_user),
                code("write"),
                access.how_to_get_more(environment),
            )
        ),
        shell(
            "export PGSSLMODE=require PGOPTIONS='-c default_transaction_read_only=off'",
            f"user={quote(names.operator_db_user)}",
            f"PGPASSWORD=$({token}) {_psql(postgres)}",
        ),
    ]


def _psql(postgres: Postgres) -> str:
    return command(
        "psql",
        host="127.0.0.1",
        port=private_network.DATABASE_PORT,
        dbname=postgres.databases[0],
        then='--username="$user"',
    )


def _get_back(environment: EnvironmentGuide) -> Blocks:
    instance, project = environment.context.names.database_instance, environment.project_id
    commands = [
        gcloud("sql", "backups", "list", instance=instance, project=project),
        gcloud("sql", "backups", "create", instance=instance, project=project),
    ]
    found: list[Block] = [
        paragraph(
            fmt(
                "**Backups** ({}): which there are; one more, before something risky:",
                link("as whom", anchor(applying.TITLE)),
            )
        ),
        shell(*commands),
    ]
    if _has_recovery(environment):
        copy = f"{instance}-copy"
        found += [
            paragraph(
                fmt(
                    "**The data of a moment**, as an instance of its own beside this one, to copy from;"
                    " {} is UTC, such as {}. Delete the copy afterwards: Terraform doesn't know it.",
                    code("MOMENT"),
                    code("2030-01-31T17:59:00Z"),
                )
            ),
            shell(gcloud("sql", "instances", "clone", instance, copy, project=project, point_in_time="MOMENT")),
        ]
    return [
        *found,
        paragraph(fmt("**The whole instance back to a backup**, over what is in it now:")),
        shell(gcloud("sql", "backups", "restore", "BACKUP_ID", restore_instance=instance, project=project)),
        careful(
            "Everything written since that backup is lost, in all databases of the instance, while nobody can use them."
        ),
    ]

"""Stack `grants`: roles, default privileges and the audit extension inside the databases.

A stack of its own, because it alone needs a network path to the database when it is planned or applied, and because a
teardown must be able to forget it: PostgreSQL's objects go with their instance (docs/adr/0004-stack-borders.md).
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.context import Context
from generator.engine import core, postgresql
from generator.resources import cloud_sql, database_roles
from generator.stacks import database_login
from generator.stacks.data import Database
from generator.stacks.scope import Export, StackScope
from spec.model import Postgres

NAME = "grants"


@dataclass(frozen=True)
class Variables:
    database: Database
    postgres: Postgres


@dataclass(frozen=True)
class Outputs:
    owner_role: Export


def build(app: core.App, context: Context, variables: Variables) -> Outputs:
    stack = StackScope(app, context, NAME)
    database_login.provider(
        stack,
        "postgresql",
        host=stack.read(variables.database.private_ip),
        version=variables.postgres.version,
        username=cloud_sql.ADMIN_USER,
        password=database_login.password(stack, "database_admin", stack.read(variables.database.admin_secret)),
    )
    roles = database_roles.new(
        stack.tf,
        "roles",
        database_roles.Config(
            databases=variables.postgres.databases,
            owners={"workload": context.names.workload_db_user},
            # In every tier: without `cloudsql.instanceUser`, which tiers give or withhold, nobody can log in.
            readers=context.owner_groups,
            writers=_writers(context),
        ),
    )
    if context.safety.postgres_audit_logging:
        for database in variables.postgres.databases:
            # The instance's flag loads pgAudit; only the extension makes its records complete (DDL, table names).
            postgresql.extension.Extension(stack.tf, f"audit-{database}", database=database, name="pgaudit")
    stack.local("database_owner_role", roles.owner)
    stack.local("database_reader_role", roles.reader)
    stack.local("database_writer_role", roles.writer)
    return Outputs(owner_role=stack.export("database_owner_role", roles.owner, "Role that owns every table"))


def _writers(context: Context) -> dict[str, str]:
    """Owners where the tier lets them write at all times, and the identity that people take on to write for a while."""
    owners = context.owner_groups if context.safety.standing_access == "readWrite" else {}
    # Owners' ids have no underscore, so this address is nobody else's.
    operator = {"time_bound": context.names.operator_db_user} if context.has_operator else {}
    return {**owners, **operator}

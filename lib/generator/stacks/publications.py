"""Stack `publications`: what of the databases is copied for analysts, as PostgreSQL sees it.

After `run`, because the service's own migrations make the tables. Apart from `analytics` for the reasons of `grants`: it
alone speaks to the database, and is forgotten at teardown.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.context import Context
from generator.engine import core, postgresql
from generator.resources import cloud_sql, database_publication, database_roles
from generator.stacks import database_login
from generator.stacks.data import Database
from generator.stacks.scope import StackScope
from spec.model import Analytics, Postgres

NAME = "publications"


@dataclass(frozen=True)
class Variables:
    database: Database
    postgres: Postgres
    analytics: Analytics


def build(app: core.App, context: Context, variables: Variables) -> None:
    stack = StackScope(app, context, NAME)
    database, version = variables.database, variables.postgres.version
    host = stack.read(database.private_ip)
    database_login.provider(
        stack,
        "postgresql",
        host=host,
        version=version,
        username=cloud_sql.ADMIN_USER,
        password=database_login.password(stack, "database_admin", stack.read(database.admin_secret)),
    )
    if not variables.analytics.publications:
        return
    owner = postgresql.grant_role.GrantRole(
        stack.tf, "publisher", role=cloud_sql.ADMIN_USER, grant_role=database_roles.OWNER
    )
    for publication in variables.analytics.publications:
        role = context.names.stream_user(publication.name)
        password = database_login.password(
            stack, f"stream_{publication.name}", stack.read(database.stream_secrets[publication.name])
        )
        as_role = database_login.provider(
            stack,
            f"as-{publication.name}",
            alias=publication.name,
            host=host,
            version=version,
            username=role,
            password=password,
            database=publication.database,
        )
        database_publication.new(
            stack.tf,
            publication.name,
            database_publication.Config(
                database=publication.database,
                tables=sorted(publication.tables),
                name=context.names.publication(publication.name),
                role=role,
                role_password=password.attribute("secret_data"),
                as_role=as_role,
                lifecycle=stack.lifecycle,
                owner=owner,
            ),
        )

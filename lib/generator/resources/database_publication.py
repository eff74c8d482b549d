"""One publication inside a database: which tables, who reads them, and from where on changes are kept for that reader."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, postgresql

OPERATIONS = ["insert", "update", "delete", "truncate"]
"""In the order in which the provider reads them back."""


@dataclass(frozen=True)
class Config:
    database: str
    tables: Sequence[str]
    """Of schema `public`."""
    name: str
    """Of the publication and the slot."""
    role: str
    role_password: str
    """Reference to an ephemeral value."""
    as_role: postgresql.provider.PostgresqlProvider
    """A connection as that role: only who may replicate can make a slot, and the administrator may not."""
    lifecycle: core.TerraformResourceLifecycle | None
    owner: postgresql.grant_role.GrantRole
    """What makes the administrator a member of the tables' owner, who alone can publish them."""


def new(scope: Construct, id: str, config: Config) -> None:
    role = postgresql.role.Role(
        scope,
        f"{id}-role",
        name=config.role,
        login=True,
        replication=True,
        password_wo=config.role_password,
        password_wo_version="1",
    )
    grant = postgresql.grant.Grant
    connect = grant(
        scope, f"{id}-connect", database=config.database, role=role.name, object_type="database",
        privileges=["CONNECT"],
    )  # fmt: skip
    grant(
        scope, f"{id}-schema", database=config.database, role=role.name, object_type="schema", schema="public",
        privileges=["USAGE"],
    )  # fmt: skip
    publication = postgresql.publication.Publication(
        scope,
        f"{id}-publication",
        name=config.name,
        database=config.database,
        tables=[f"public.{table}" for table in config.tables],
        publish_param=OPERATIONS,
        depends_on=[config.owner],
    )
    publication.add_override("lifecycle.precondition", [_tables_are_there(scope, id, config)])
    grant(
        scope, f"{id}-tables", database=config.database, role=role.name, object_type="table", schema="public",
        objects=list(config.tables), privileges=["SELECT"], depends_on=[publication],
    )  # fmt: skip
    # After the publication: a slot keeps changes from its first moment on, and has nobody to read them before.
    postgresql.replication_slot.ReplicationSlot(
        scope,
        f"{id}-slot",
        name=config.name,
        plugin="pgoutput",
        database=config.database,
        provider=config.as_role,
        depends_on=[connect, publication],
        lifecycle=config.lifecycle,
    )


def _tables_are_there(scope: Construct, id: str, config: Config) -> dict[str, str]:
    """Says in words what PostgreSQL would answer with an error: the service's own migrations make the tables."""
    found = postgresql.data_postgresql_tables.DataPostgresqlTables(
        scope, f"{id}-found", database=config.database, schemas=["public"], like_any_patterns=list(config.tables)
    )
    missing = f"setsubtract({json.dumps(list(config.tables))}, data.postgresql_tables.{found.friendly_unique_id}.tables[*].object_name)"
    return {
        "condition": f"${{length({missing}) == 0}}",
        "error_message": f"Database {config.database} has no table ${{join(\", \", {missing})}} yet. Deploy the service, so"
        " that its migrations make what is missing, then apply this stack again; or take it out of the publication.",
    }

"""Who may do what inside the databases of an instance.

Three group roles that nobody logs in as. The workload is a member of the owner and creates everything as the owner
(`PGROLE`), so default privileges of the owner make every new table readable at once, whoever runs the migration.
Nobody but the administrator is a superuser, and the workload can't become it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from constructs import Construct

from generator.engine import postgresql

OWNER = "msp_owner"
READER = "msp_reader"
WRITER = "msp_writer"

# Privileges: https://www.postgresql.org/docs/current/ddl-priv.html
TABLE_PRIVILEGES = {READER: ["SELECT"], WRITER: ["DELETE", "INSERT", "SELECT", "UPDATE"]}
SEQUENCE_PRIVILEGES = {READER: ["SELECT"], WRITER: ["SELECT", "UPDATE", "USAGE"]}


@dataclass(frozen=True)
class Config:
    databases: Sequence[str]
    owners: Mapping[str, str]
    """Database users that own what they create through the owner role: a stable name -> user. The workload."""
    readers: Mapping[str, str]
    writers: Mapping[str, str]


@dataclass(frozen=True)
class Output:
    owner: str
    reader: str
    writer: str


def new(scope: Construct, id: str, config: Config) -> Output:
    roles = {
        name: postgresql.role.Role(scope, f"{id}-{name}", name=name, login=False).name
        for name in (OWNER, READER, WRITER)
    }
    for group, users in ((OWNER, config.owners), (READER, config.readers), (WRITER, config.writers)):
        for name, user in users.items():
            postgresql.grant_role.GrantRole(scope, f"{id}-{group}-{name}", role=user, grant_role=roles[group])
    for database in config.databases:
        _database(scope, f"{id}-{database}", database, roles)
    return Output(owner=roles[OWNER], reader=roles[READER], writer=roles[WRITER])


def _database(scope: Construct, id: str, database: str, roles: dict[str, str]) -> None:
    grant = postgresql.grant.Grant
    # PUBLIC may connect to every new database, and before PostgreSQL 15 create tables in `public`.
    grant(scope, f"{id}-public", database=database, role="public", object_type="database", privileges=[])
    grant(
        scope, f"{id}-public-schema", database=database, role="public", schema="public",
        object_type="schema", privileges=[],
    )  # fmt: skip
    for name, on_database, on_schema in (
        (OWNER, ["CONNECT", "CREATE", "TEMPORARY"], ["CREATE", "USAGE"]),
        (READER, ["CONNECT"], ["USAGE"]),
        (WRITER, ["CONNECT", "TEMPORARY"], ["USAGE"]),
    ):
        grant(
            scope, f"{id}-{name}", database=database, role=roles[name],
            object_type="database", privileges=on_database,
        )  # fmt: skip
        grant(
            scope, f"{id}-{name}-schema", database=database, role=roles[name], schema="public",
            object_type="schema", privileges=on_schema,
        )  # fmt: skip
    for object_type, privileges in (("table", TABLE_PRIVILEGES), ("sequence", SEQUENCE_PRIVILEGES)):
        for name, allowed in privileges.items():
            postgresql.default_privileges.DefaultPrivileges(
                scope,
                f"{id}-{name}-{object_type}s",
                database=database,
                schema="public",
                owner=roles[OWNER],
                role=roles[name],
                object_type=object_type,
                privileges=allowed,
            )

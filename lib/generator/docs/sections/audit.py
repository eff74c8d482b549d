"""Who read or changed data: what is recorded, for how long, how to read it, and that the service itself is left out."""

from __future__ import annotations

from generator.audit import BUCKET
from generator.docs import log_filters
from generator.docs.inline import Inline, Text, code, fmt, join, link
from generator.docs.markdown import Block, Blocks, anchor, careful, facts, heading, paragraph, shell
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.sections import applying, private_network
from generator.docs.shell import gcloud, quote
from generator.docs.terraform_json import first, resources
from spec.constants import RESERVED_SECRET_PREFIX

ACCESS_LINE = (
    "value(timestamp,protoPayload.authenticationInfo.principalEmail,protoPayload.serviceName,protoPayload.methodName,"
    "protoPayload.resourceName)"
)
STATEMENT_LINE = "value(timestamp,protoPayload.request.user,protoPayload.request.database,protoPayload.request.statement)"
ADMIN = "msp-admin"
ADMIN_SECRET = f"{RESERVED_SECRET_PREFIX}database-admin"
"""The database's administrator and its password, as stack `data` makes them."""

LOG_VIEWER = "roles/logging.viewAccessor"


def title(environment: EnvironmentGuide) -> str:
    return f"Who read or changed data of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = [heading(2, "Who read or changed data")]
    for environment in guide.environments:
        found += [
            heading(3, title(environment), environment.id),
            facts(_facts(environment)),
            *_read(environment),
            *_left_out(environment),
        ]
    return found


def is_recorded(environment: EnvironmentGuide) -> bool:
    """Whether the database records what people do in it."""
    return environment.context.has_postgres and environment.context.safety.postgres_audit_logging


def leave_out_workload(environment: EnvironmentGuide) -> Block:
    """The statement that no provider of Terraform can make (docs/adr/0014-database-audit.md)."""
    user = environment.context.names.workload_db_user
    return as_administrator(environment, f"ALTER ROLE \"{user}\" SET pgaudit.log = 'none'")


def why_left_out(environment: EnvironmentGuide) -> Inline:
    return fmt(
        "The {}'s own statements never get into the record. So that the database doesn't spend time and disk on them"
        " either, say so once for its user, through {}, {}; it holds for connections made afterwards.",
        environment.context.spec.service.kind,
        link("a way into the network", anchor(private_network.title(environment))),
        link("as the platform's identity", anchor(applying.TITLE)),
    )


def _facts(environment: EnvironmentGuide) -> list[tuple[Text, Text]]:
    safety, stack = environment.context.safety, environment.stack("iam")
    apis = [str(resource.body["service"]) for resource in resources(stack, "google_project_iam_audit_config")]
    rows: list[tuple[Text, Text]] = [
        ("Use of Google's APIs", fmt("{}; BigQuery records it by itself", join(map(code, apis)))),
    ]
    if environment.context.has_postgres:
        rows.append(("Statements in the database", _statements(environment)))
    locked = "locked: nobody can shorten it" if safety.audit_locked else "not locked"
    return [
        *rows,
        ("Kept for", f"{safety.audit_retention_days} days, {locked}"),
        ("Changes of the project", "always recorded, kept for 400 days by Google"),
        ("The service's own logs", f"kept for {safety.log_retention_days} days"),
    ]


def _statements(environment: EnvironmentGuide) -> Text:
    if not is_recorded(environment):
        return "not recorded: the spec says why"
    instance = first(environment.stack("data"), "google_sql_database_instance")
    flags = (instance.value("settings", "database_flags") if instance else None) or []
    classes = next((flag["value"] for flag in flags if flag["name"] == "pgaudit.log"), "")
    return fmt(
        "of everybody but the {}: {}", environment.context.spec.service.kind, join(map(code, classes.split(",")))
    )


def _read(environment: EnvironmentGuide) -> Blocks:
    return [
        paragraph(
            fmt("Newest first; it takes {}, which nobody holds at all times. Use of Google's APIs:", code(LOG_VIEWER))
        ),
        shell(_entries(environment, log_filters.data_access(without_statements=is_recorded(environment)), ACCESS_LINE)),
        *(
            [
                paragraph("What people did in the database, statement by statement:"),
                shell(_entries(environment, log_filters.statements(), STATEMENT_LINE)),
            ]
            if is_recorded(environment)
            else []
        ),
    ]


def _entries(environment: EnvironmentGuide, query: str, line: str) -> str:
    return gcloud(
        "logging", "read", query, project=environment.project_id, location=environment.region, bucket=BUCKET,
        view="_AllLogs", freshness="7d", limit=100, format=line,
    )  # fmt: skip


def _left_out(environment: EnvironmentGuide) -> Blocks:
    if not is_recorded(environment):
        return []
    user = environment.context.names.workload_db_user
    check = f"SELECT rolname, rolconfig FROM pg_roles WHERE rolname = '{user}'"
    return [
        paragraph(
            fmt(
                "{} The second command shows {} then.", why_left_out(environment), code("{pgaudit.log=none}")
            )
        ),
        leave_out_workload(environment),
        as_administrator(environment, check),
        careful(
            fmt(
                "{} reads every person's statements, with whatever values stand in them. Values that the"
                " service's own code sends as parameters are not recorded.",
                code(LOG_VIEWER),
            )
        ),
    ]


def as_administrator(environment: EnvironmentGuide, statement: str, database: str = "postgres") -> Block:
    """One statement, through the tunnel, as the administrator whom only the platform's identity can be."""
    return as_user(environment, statement, database, ADMIN, ADMIN_SECRET)


def as_user(environment: EnvironmentGuide, statement: str, database: str, user: str, secret: str) -> Block:
    """The same as a user whose password is in a secret."""
    password = gcloud("secrets", "versions", "access", "latest", secret=secret, project=environment.project_id)
    connection = f"host=127.0.0.1 port={private_network.DATABASE_PORT} dbname={database} user={user} sslmode=require"
    return shell(f'PGPASSWORD="$({password})" \\\n  psql {quote(connection)} -c {quote(statement)}')

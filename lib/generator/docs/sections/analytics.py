"""Copies of tables for analysts: what is copied where, how it is set up the first time, what can fill the disk."""

from __future__ import annotations

from generator.docs import links
from generator.docs.inline import Text, code, fmt, join, link
from generator.docs.markdown import Block, Blocks, anchor, careful, fenced, heading, paragraph, shell, steps, table
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.sections import applying, audit, private_network
from generator.docs.shell import gcloud
from spec.model import Analytics, Publication

ALL_STACKS = ("project", "network", "data")


def title(environment: EnvironmentGuide) -> str:
    return f"Copies for analysts of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = []
    for environment in guide.environments:
        if environment.context.analytics is not None:
            found += _environment(guide, environment, environment.context.analytics)
    return [heading(2, "Copies for analysts"), *found] if found else []


def _environment(guide: ServiceGuide, environment: EnvironmentGuide, analytics: Analytics) -> Blocks:
    return [
        heading(3, title(environment), environment.id),
        *(_copied(environment, analytics) if analytics.publications else [paragraph("Nothing is copied yet.")]),
        heading(4, f"First copies of {environment.id}"),
        steps(_first(guide, environment, analytics)),
        *(_disk(environment, analytics) if analytics.publications else []),
        heading(4, f"No more copies of {environment.id}"),
        steps(_last(guide, environment)),
    ]


def _copied(environment: EnvironmentGuide, analytics: Analytics) -> Blocks:
    analysts = environment.context.platform.analysts
    return [
        paragraph(
            fmt(
                "Datastream copies these tables into BigQuery and keeps the copies up to date; a row is at most {}"
                " minutes old. {} reads them; nobody changes them.",
                analytics.freshness_minutes,
                code(analysts.group) if analysts is not None else "Nobody",
            )
        ),
        table(
            ("Publication", "Tables", "Dataset", "Stream"),
            [_publication(environment, publication) for publication in analytics.publications],
        ),
        paragraph("How each stream is, and its errors:"),
        shell(
            gcloud("datastream", "streams", "list", project=environment.project_id, location=environment.region),
            gcloud(
                "logging", "read", 'resource.type="datastream.googleapis.com/Stream" AND severity>=WARNING',
                project=environment.project_id, freshness="1d", limit=50,
                format="value(timestamp,severity,jsonPayload.message)",
            ),
        ),
    ]  # fmt: skip


def _publication(environment: EnvironmentGuide, publication: Publication) -> tuple[Text, ...]:
    names, project = environment.context.names, environment.project_id
    dataset, stream = names.analytics_dataset(publication.name), publication.name.replace("_", "-")
    return (
        code(names.publication(publication.name)),
        fmt("{} of {}", join(map(code, publication.tables)), code(publication.database)),
        link(dataset, links.dataset(project, dataset)),
        link(stream, links.stream(project, environment.region, stream)),
    )


def _first(guide: ServiceGuide, environment: EnvironmentGuide, analytics: Analytics) -> list[Blocks]:
    project, network = environment.project_id, environment.context.names.network
    attachment = f"projects/{project}/regions/{environment.region}/networkAttachments/{network}-datastream"
    return [
        [
            paragraph(
                fmt(
                    "With an empty block in {}, apply {}. The database restarts once; then it can stream, and there is"
                    " a door into the network that lets nobody in.",
                    code(guide.spec_path),
                    join(map(code, ALL_STACKS), ", then "),
                )
            ),
            fenced("resources:\n  postgres:\n    analytics: {}", "yaml"),
        ],
        [
            paragraph(
                fmt(
                    "Have Google make Datastream's identity, and ask which of its projects knocks ({}). The answer's"
                    " error names it; it ends in {}.",
                    link("as the platform's identity", anchor(applying.TITLE)),
                    code("-tp"),
                )
            ),
            shell(
                gcloud("beta", "services", "identity", "create", service="datastream.googleapis.com", project=project),
                gcloud(
                    "datastream", "private-connections", "create", network, project=project,
                    location=environment.region, display_name=network, network_attachment=attachment,
                    validate_only=True,
                ),
            ),
        ],
        [
            paragraph(
                fmt(
                    "Look whether the tables are there, and whether each has a primary key, through {}: PostgreSQL"
                    " refuses every {} and {} on a published table without one, the service's own too. No row may be"
                    " printed.",
                    link("a way into the network", anchor(private_network.title(environment))),
                    code("UPDATE"),
                    code("DELETE"),
                )
            ),
            *_tables_without_key(environment, analytics),
        ],
        [
            paragraph(
                fmt(
                    "Write {} and the publications, and apply {}. Where a table is missing, {} says which, and"
                    " nothing is made.",
                    code("tenantProject"),
                    join(map(code, ["network", "data", "publications", "analytics"]), ", then "),
                    code("publications"),
                )
            )
        ],
    ]  # fmt: skip


def _tables_without_key(environment: EnvironmentGuide, analytics: Analytics) -> Blocks:
    """One query for each database; it also names tables that are not there."""
    wanted: dict[str, list[str]] = {}
    for publication in analytics.publications:
        wanted.setdefault(publication.database, []).extend(publication.tables)
    return [
        audit.as_administrator(
            environment,
            f"SELECT t FROM unnest(ARRAY[{', '.join(repr(name) for name in sorted(set(tables)))}]) AS t WHERE NOT EXISTS"
            " (SELECT FROM pg_index i WHERE i.indisprimary AND i.indrelid = to_regclass('public.' || t))",
            database,
        )
        for database, tables in (wanted or {"DATABASE": ["TABLE"]}).items()
    ]


def _disk(environment: EnvironmentGuide, analytics: Analytics) -> Blocks:
    names, first = environment.context.names, analytics.publications[0]
    return [
        careful(
            "As long as a stream doesn't read, the database keeps every change for it. A stream that is paused, broken"
            " or gone fills the disk, and a full disk stops the service. The disk grows by itself and never shrinks."
        ),
        paragraph("What is being kept for each, and whether anybody is reading:"),
        audit.as_administrator(
            environment,
            "SELECT slot_name, active, wal_status,"
            " pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)) AS kept FROM pg_replication_slots",
        ),
        paragraph(
            fmt(
                "Where it has to stop at once, give up the copies rather than the service: stop the stream, then drop"
                " its slot. Afterwards apply {} and {} again, and start a backfill of each table in the stream's page:"
                " changes in between are in no copy before.",
                code("publications"),
                code("analytics"),
            )
        ),
        shell(
            gcloud(
                "datastream", "streams", "update", first.name.replace("_", "-"),
                project=environment.project_id, location=environment.region, state="PAUSED", update_mask="state",
            )
        ),
        audit.as_user(
            environment,
            f"SELECT pg_drop_replication_slot('{names.publication(first.name)}')",
            first.database,
            names.stream_user(first.name),
            names.stream_secret(first.name),
        ),
    ]  # fmt: skip


def _last(guide: ServiceGuide, environment: EnvironmentGuide) -> list[Blocks]:
    """The other way round: the reader goes before what is kept for it."""
    return [
        [
            paragraph(
                fmt(
                    "The datasets go with the copies in them: write {} in {} and apply {}, while the publications are"
                    " still there.",
                    code("allowDestroys: true"),
                    code(guide.spec_path),
                    code("data"),
                )
            )
        ],
        [
            paragraph(
                fmt(
                    "Leave an empty {} and apply {}: the streams go first, then what the database keeps for them, then"
                    " the datasets.",
                    code("analytics: {}"),
                    join(map(code, ["analytics", "publications", "data"]), ", then "),
                )
            )
        ],
        [
            paragraph(
                fmt(
                    "Take the block and {} away and apply {}: the database restarts, the door closes. Stacks {} and {} are"
                    " empty by then.",
                    code("allowDestroys"),
                    join(map(code, ["data", "network"]), ", then "),
                    code("publications"),
                    code("analytics"),
                )
            )
        ],
    ]

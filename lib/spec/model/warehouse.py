"""`resources.bigquery` and `resources.postgres.analytics`: what the service gives to analysts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from .base import Expect, Section, key
from .names import DatabaseName, ProjectId

Location = Literal["region", "multiRegion"]

_LOCATIONS = "https://cloud.google.com/bigquery/docs/locations"

TableName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=63),
    Expect("at most 63 lower-case letters, digits and underscores, starting with a letter"),
]

PublicationName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40),
    Expect("at most 40 lower-case letters, digits and single underscores, starting with a letter, not ending with an underscore"),
]

DatasetId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=1024),
    Expect("letters, digits and underscores, not starting with a digit"),
]

TenantProject = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9-]{4,28}[a-z0-9]$"),
    Expect("a project's id such as d7c3726edb939bf87p-tp, as Google's answer shows it"),
]


class BigQuery(Section):
    """A dataset that the service writes rows into."""

    tables: tuple[TableName, ...] = key(
        "The tables to make. Each has its columns in `bigquery/<table>.json` beside the service.yaml: the list of fields"
        " that `bq show --schema` prints. Removing one from the list needs allowDestroys.",
        min_length=1,
        examples=(["events"],),
        source="https://cloud.google.com/bigquery/docs/schemas#specifying_a_json_schema_file",
    )
    dataset: DatasetId | None = key(
        "The dataset's id.",
        default=None,
        default_text="the service's id, with underscores for dashes",
        immutable=True,
        source="https://cloud.google.com/bigquery/docs/datasets#dataset-naming",
    )
    project_id: ProjectId | None = key(
        "The project that holds the dataset. The identity that applies must be allowed to make datasets there.",
        default=None,
        default_text="the environment's own",
        immutable=True,
    )
    location: Location = key(
        "Where the rows are: in the environment's region, or anywhere in the multi-region around it (EU or US).",
        default="region",
        immutable=True,
        source=_LOCATIONS,
    )
    analysts: bool = key("Whether the analysts' group of platform.yaml reads the dataset.", default=False)


class Publication(Section):
    """Tables of one database whose rows analysts see, minutes later, in a BigQuery dataset of their own."""

    name: PublicationName = key(
        "Its name, once in the environment. The dataset is `<service id>_<name>`.", immutable=True, examples=("core",)
    )
    database: DatabaseName = key(
        "The database, one of `resources.postgres.databases`.", immutable=True, examples=("accounts",)
    )
    tables: tuple[TableName, ...] = key(
        "Tables of schema `public` with a primary key. They must be there when stack `publications` is applied.",
        min_length=1,
        examples=(["users", "organizations"],),
        source="https://cloud.google.com/datastream/docs/sources-postgresql",
    )


class Analytics(Section):
    """Copies of tables in BigQuery, kept up to date by Datastream.

    An empty block prepares the database and the network, and restarts the database: the first step, and the last
    before the block is taken away.
    """

    publications: tuple[Publication, ...] = key("What is copied.", default=())
    tenant_project: TenantProject | None = key(
        "Google's project that Datastream works from, which alone is let into the network; the operations guide has the"
        " command that tells it. Needed as soon as there are publications.",
        default=None,
        default_text="none: nothing is let in",
        examples=("d7c3726edb939bf87p-tp",),
        source="https://cloud.google.com/datastream/docs/psc-interfaces",
    )
    location: Location = key(
        "Where the copies are: in the environment's region, or anywhere in the multi-region around it (EU or US).",
        default="region",
        immutable=True,
        source=_LOCATIONS,
    )
    freshness_minutes: int = key(
        "How old a copied row may be. Fresher costs more; a change holds for tables that come later.",
        default=15,
        ge=1,
        le=1440,
        unit="minutes",
        source="https://cloud.google.com/datastream/docs/destination-bigquery",
    )

"""A BigQuery dataset: its access list is complete, so nobody reads it because of a role on the whole project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from constructs import Construct

from generator.engine import core, google
from generator.literal import literal


@dataclass(frozen=True)
class Config:
    project_id: str
    dataset_id: str
    location: str
    description: str
    writers: Sequence[str] = ()
    """E-mail addresses of service accounts."""
    reader_groups: Sequence[str] = ()
    tables: Mapping[str, str | None] = field(default_factory=dict)
    """Table -> its columns as JSON."""
    holds_others_tables: bool = False
    """Whether somebody else makes tables in it, which then go with the dataset."""
    deletion_protection: bool = True
    lifecycle: core.TerraformResourceLifecycle | None = None
    kms_key: str | None = None
    """Key of the environment's own that encrypts it; None for Google's."""


@dataclass(frozen=True)
class Output:
    dataset_id: str


def new(scope: Construct, id: str, config: Config) -> Output:
    access = google.bigquery_dataset.BigqueryDatasetAccess
    dataset = google.bigquery_dataset.BigqueryDataset(
        scope,
        id,
        project=config.project_id,
        dataset_id=config.dataset_id,
        location=config.location,
        description=config.description,
        delete_contents_on_destroy=config.holds_others_tables and not config.deletion_protection,
        # Legacy names, which is how BigQuery itself writes these three roles.
        # Source: https://cloud.google.com/bigquery/docs/access-control-basic-roles#dataset-basic-roles
        access=[
            access(role="OWNER", special_group="projectOwners"),
            *(access(role="WRITER", user_by_email=email) for email in config.writers),
            *(access(role="READER", group_by_email=email) for email in config.reader_groups),
        ],
        default_encryption_configuration=_default_key(config.kms_key),
        lifecycle=config.lifecycle,
    )
    for table, columns in config.tables.items():
        google.bigquery_table.BigqueryTable(
            scope,
            f"{id}-{table}",
            project=config.project_id,
            dataset_id=dataset.dataset_id,
            table_id=table,
            schema=literal(columns) if columns is not None else None,
            # By itself too: a key that a table has from its dataset would be a difference for ever.
            encryption_configuration=_key(config.kms_key),
            deletion_protection=config.deletion_protection,
            lifecycle=config.lifecycle,
        )
    return Output(dataset_id=dataset.dataset_id)


def _default_key(kms_key: str | None) -> google.bigquery_dataset.BigqueryDatasetDefaultEncryptionConfiguration | None:
    """What tables of others, such as Datastream's, are encrypted with."""
    if kms_key is None:
        return None
    return google.bigquery_dataset.BigqueryDatasetDefaultEncryptionConfiguration(kms_key_name=kms_key)


def _key(kms_key: str | None) -> google.bigquery_table.BigqueryTableEncryptionConfiguration | None:
    return None if kms_key is None else google.bigquery_table.BigqueryTableEncryptionConfiguration(kms_key_name=kms_key)

"""Datastream from a PostgreSQL database into BigQuery: the way in, both ends, and a stream for each publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google
from generator.resources import secret
from generator.resources.ids import slug


@dataclass(frozen=True)
class Stream:
    """One publication on its way into one dataset."""

    name: str
    database: str
    tables: Sequence[str]
    publication: str
    """Of the replication slot too."""
    user: str
    secret_id: str
    """Secret in the same project with the user's password."""
    dataset: str
    """project:dataset"""


@dataclass(frozen=True)
class Config:
    project_id: str
    project_number: str
    name: str
    region: str
    network_attachment: str
    host: str
    freshness_minutes: int
    streams: Sequence[Stream]
    lifecycle: core.TerraformResourceLifecycle | None
    kms_key: str | None = None
    """Key of the environment's own that encrypts it; None for Google's."""


@dataclass(frozen=True)
class Output:
    private_connection: str


def new(scope: Construct, id: str, config: Config) -> Output:
    connection = google.datastream_private_connection.DatastreamPrivateConnection(
        scope,
        id,
        project=config.project_id,
        location=config.region,
        private_connection_id=config.name,
        display_name=config.name,
        psc_interface_config=google.datastream_private_connection.DatastreamPrivateConnectionPscInterfaceConfig(
            network_attachment=config.network_attachment
        ),
    )
    profile = google.datastream_connection_profile
    destination = profile.DatastreamConnectionProfile(
        scope,
        f"{id}-bigquery",
        project=config.project_id,
        location=config.region,
        connection_profile_id="bigquery",
        display_name="BigQuery",
        bigquery_profile=profile.DatastreamConnectionProfileBigqueryProfile(),
    )
    for stream in config.streams:
        _stream(scope, f"{id}-{stream.name}", config, stream, connection.id, destination.id)
    return Output(private_connection=connection.id)


def _stream(scope: Construct, id: str, config: Config, stream: Stream, connection: str, destination: str) -> None:
    profile = google.datastream_connection_profile
    source = profile.DatastreamConnectionProfile(
        scope,
        f"{id}-source",
        project=config.project_id,
        location=config.region,
        connection_profile_id=f"source-{slug(stream.name)}",
        display_name=f"{stream.database}, publication {stream.name}",
        postgresql_profile=profile.DatastreamConnectionProfilePostgresqlProfile(
            hostname=config.host,
            port=5432,
            database=stream.database,
            username=stream.user,
            secret_manager_stored_password=f"projects/{config.project_id}/secrets/{stream.secret_id}/versions/latest",
        ),
        private_connectivity=profile.DatastreamConnectionProfilePrivateConnectivity(private_connection=connection),
        # Datastream tries the connection as soon as the profile is made, with the password.
        depends_on=[_reads_password(scope, id, config, stream)],
    )
    types = google.datastream_stream
    postgresql = "DatastreamStreamSourceConfigPostgresqlSourceConfig"
    objects = getattr(types, f"{postgresql}IncludeObjects")
    schema = getattr(types, f"{postgresql}IncludeObjectsPostgresqlSchemas")
    table = getattr(types, f"{postgresql}IncludeObjectsPostgresqlSchemasPostgresqlTables")
    to_bigquery = "DatastreamStreamDestinationConfigBigqueryDestinationConfig"
    types.DatastreamStream(
        scope,
        f"{id}-stream",
        project=config.project_id,
        location=config.region,
        stream_id=slug(stream.name),
        display_name=f"{stream.name} to {stream.dataset}",
        desired_state="RUNNING",
        customer_managed_encryption_key=config.kms_key,
        # Rows that were there before the stream are copied first.
        backfill_all=types.DatastreamStreamBackfillAll(),
        source_config=types.DatastreamStreamSourceConfig(
            source_connection_profile=source.id,
            postgresql_source_config=getattr(types, postgresql)(
                publication=stream.publication,
                replication_slot=stream.publication,
                include_objects=objects(
                    postgresql_schemas=[
                        schema(schema="public", postgresql_tables=[table(table=name) for name in stream.tables])
                    ]
                ),
            ),
        ),
        destination_config=types.DatastreamStreamDestinationConfig(
            destination_connection_profile=destination,
            bigquery_destination_config=getattr(types, to_bigquery)(
                data_freshness=f"{config.freshness_minutes * 60}s",
                single_target_dataset=getattr(types, f"{to_bigquery}SingleTargetDataset")(dataset_id=stream.dataset),
            ),
        ),
        lifecycle=config.lifecycle,
    )


def _reads_password(
    scope: Construct, id: str, config: Config, stream: Stream
) -> google.secret_manager_secret_iam_member.SecretManagerSecretIamMember:
    """Datastream's own agent, for this one secret."""
    return secret.grant(
        scope,
        f"{id}-reads-password",
        config.project_id,
        stream.secret_id,
        secret.READ,
        f"serviceAccount:service-{config.project_number}@gcp-sa-datastream.iam.gserviceaccount.com",
    )

"""Stack `analytics`: Datastream, which copies what stack `publications` publishes into BigQuery datasets."""

from __future__ import annotations

from dataclasses import dataclass

from generator.context import Context
from generator.engine import core
from generator.resources import datastream
from generator.stacks import keys
from generator.stacks.data import Database
from generator.stacks.keys import Keys
from generator.stacks.scope import Export, StackScope
from spec.model import Analytics

NAME = "analytics"


@dataclass(frozen=True)
class Variables:
    project_number: Export
    network_attachment: Export
    database: Database
    analytics: Analytics
    keys: Keys


def build(app: core.App, context: Context, variables: Variables) -> None:
    stack, names = StackScope(app, context, NAME), context.names
    if variables.analytics.tenant_project is None:
        # Nothing may enter the network yet; the stack is there so that its state can be emptied as it was filled.
        return
    way_in = datastream.new(
        stack.tf,
        "datastream",
        datastream.Config(
            project_id=names.project_id,
            project_number=stack.read(variables.project_number),
            name=names.network,
            region=context.region,
            network_attachment=stack.read(variables.network_attachment),
            host=stack.read(variables.database.private_ip),
            freshness_minutes=variables.analytics.freshness_minutes,
            lifecycle=stack.lifecycle,
            kms_key=keys.of(stack, variables.keys, "stream"),
            streams=[
                datastream.Stream(
                    name=publication.name,
                    database=publication.database,
                    tables=sorted(publication.tables),
                    publication=names.publication(publication.name),
                    user=names.stream_user(publication.name),
                    secret_id=names.stream_secret(publication.name),
                    dataset=f"{names.project_id}:{names.analytics_dataset(publication.name)}",
                )
                for publication in variables.analytics.publications
            ],
        ),
    )
    stack.local("datastream_private_connection_id", way_in.private_connection)

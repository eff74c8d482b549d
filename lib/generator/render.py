"""One service, environment by environment and stack by stack. Read top to bottom, this is the architecture diagram: who
needs what from whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.context import Context
from generator.engine import core
from generator.stacks import (
    access,
    analytics,
    data,
    delivery,
    edge,
    grants,
    iam,
    keys,
    messaging,
    monitoring,
    network,
    project,
    publications,
    run,
)
from generator.stacks.scope import Export
from spec.model import Stage

STACK_ORDER = (
    project.NAME,
    keys.NAME,
    iam.NAME,
    access.NAME,
    network.NAME,
    data.NAME,
    grants.NAME,
    messaging.NAME,
    run.NAME,
    publications.NAME,
    analytics.NAME,
    edge.NAME,
    monitoring.NAME,
    delivery.NAME,
)
"""The order to apply stacks in; a teardown goes the other way. An environment has those that it needs."""


@dataclass(frozen=True)
class Site:
    """One environment as its stacks leave it, for what spans environments."""

    context: Context
    project: project.Outputs
    keys: keys.Outputs
    identities: iam.Outputs
    access: access.Outputs | None
    stores: data.Outputs | None
    workload: run.Outputs


def render_service(app: core.App, contexts: Sequence[Context]) -> None:
    """Build every stack of every environment of one service into `app`, then what spans them."""
    sites = {context.environment.id: render_environment(app, context) for context in contexts}

    for context in contexts:
        if context.rollout is not None and context.holds_pipeline:
            places = [_place(stage, sites[stage.environment]) for stage in context.rollout.stages]
            holder = sites[context.environment.id]
            delivery.build(
                app,
                context,
                delivery.Variables(
                    rollout=context.rollout,
                    places=places,
                    tag_of_releases=holder.access.tag_of_releases if holder.access else None,
                    keys=holder.keys.keys,
                ),
            )


def render_environment(app: core.App, context: Context) -> Site:
    """Build every stack that one environment needs by itself into `app`."""
    environment = context.environment
    postgres, domain, zone = environment.resources.postgres, environment.domain, context.names.dns_zone

    a_project = project.build(app, context, project.Variables())

    own = keys.NONE
    if context.encrypted:
        own = keys.build(app, context, keys.Variables(project_number=a_project.project_number))

    identities = iam.build(app, context, iam.Variables(project_number=a_project.project_number, keys=own.keys))

    people = None
    if context.time_bound_access:
        people = access.build(
            app,
            context,
            access.Variables(
                project_number=a_project.project_number,
                workload_unique_id=identities.workload_unique_id,
                operator_unique_id=identities.operator_unique_id,
            ),
        )

    private = network.build(app, context, network.Variables()) if context.needs_network else None

    stores = None
    if context.keeps_data:
        stores = data.build(
            app,
            context,
            data.Variables(
                network_id=private.network_id if private else None,
                workload_email=identities.workload_email,
                keys=own.keys,
            ),
        )

    if postgres is not None and stores is not None and stores.database is not None:
        grants.build(app, context, grants.Variables(database=stores.database, postgres=postgres))

    if context.has_messaging:
        messaging.build(
            app,
            context,
            messaging.Variables(
                project_number=a_project.project_number,
                workload_email=identities.workload_email,
                invoker_email=identities.invoker_email,
                keys=own.keys,
            ),
        )

    workload = run.build(
        app,
        context,
        run.Variables(
            workload_email=identities.workload_email,
            scheduler_email=identities.scheduler_email,
            invoker_email=identities.invoker_email,
            project_number=a_project.project_number,
            diagnostics_secret=identities.diagnostics_secret,
            network=private,
            database=stores.database if stores else None,
            cache=stores.cache if stores else None,
            keys=own.keys,
        ),
    )

    copied, way_in = context.analytics, private.datastream_attachment if private else None
    if copied is not None and postgres is not None and stores is not None and stores.database is not None and way_in:
        publications.build(
            app, context, publications.Variables(database=stores.database, postgres=postgres, analytics=copied)
        )
        analytics.build(
            app,
            context,
            analytics.Variables(
                project_number=a_project.project_number,
                network_attachment=way_in,
                database=stores.database,
                analytics=copied,
                keys=own.keys,
            ),
        )

    if domain is not None and zone is not None:
        edge.build(app, context, edge.Variables(domain=domain, zone=zone, run_name=workload.name))

    monitoring.build(app, context, monitoring.Variables(project_number=a_project.project_number))

    return Site(context, a_project, own, identities, people, stores, workload)


def _place(stage: Stage, site: Site) -> delivery.Place:
    """Where a stage of the pipeline deploys to."""
    parameters: dict[str, Export] = {}
    if site.stores is not None and site.stores.database is not None:
        parameters["database_private_ip"] = site.stores.database.private_ip
    if site.stores is not None and site.stores.cache is not None:
        parameters["redis_endpoint"] = site.stores.cache.endpoint
    return delivery.Place(
        stage=stage,
        context=site.context,
        workload_email=site.identities.workload_email,
        project_number=site.project.project_number,
        parameters=parameters,
    )

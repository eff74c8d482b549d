"""One environment, stack by stack. Read top to bottom, this is the architecture diagram: who needs what from whom."""

from __future__ import annotations

from generator.context import Context
from generator.engine import core
from generator.stacks import access, data, edge, grants, iam, messaging, monitoring, network, project, run

STACK_ORDER = (
    project.NAME,
    iam.NAME,
    access.NAME,
    network.NAME,
    data.NAME,
    grants.NAME,
    messaging.NAME,
    run.NAME,
    edge.NAME,
    monitoring.NAME,
)
"""The order to apply stacks in; a teardown goes the other way. An environment has those that it needs."""


def render_environment(app: core.App, context: Context) -> None:
    """Build every stack that the environment needs into `app`."""
    environment = context.environment
    postgres, domain, zone = environment.resources.postgres, environment.domain, context.names.dns_zone

    a_project = project.build(app, context, project.Variables())

    identities = iam.build(app, context, iam.Variables(project_number=a_project.project_number))

    if context.time_bound_access:
        access.build(
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
                network_id=private.network_id if private else None, workload_email=identities.workload_email
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
        ),
    )

    if domain is not None and zone is not None:
        edge.build(app, context, edge.Variables(domain=domain, zone=zone, run_name=workload.name))

    monitoring.build(app, context, monitoring.Variables(project_number=a_project.project_number))

"""The console's pages about one environment: in its chapter of the guide, and for `links`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.docs import links
from generator.docs.model import EnvironmentGuide
from generator.docs.sections import release_commands
from generator.docs.terraform_json import first
from spec.workloads import Kind


@dataclass(frozen=True)
class Page:
    """What people call it, and where it is."""

    title: str
    url: str

    @property
    def id(self) -> str:
        """What one types to have it."""
        return self.title.lower().replace(" ", "-")


def pages(environment: EnvironmentGuide) -> list[Page]:
    """Only of what the environment has."""
    return [
        *_workload(environment),
        *_watching(environment),
        *_data(environment),
        *_edge(environment),
        Page("secrets", links.secrets(environment.project_id)),
        Page("access", links.iam(environment.project_id)),
    ]


def _workload(environment: EnvironmentGuide) -> Iterator[Page]:
    context, project, region = environment.context, environment.project_id, environment.region
    of_kind: dict[Kind, str] = {
        "service": links.run_service(project, region, environment.run_name),
        "job": links.run_job(project, region, environment.run_name),
        "worker": links.run_worker_pools(project),
    }
    kind = environment.workload.kind
    yield Page(kind, of_kind[kind])
    if context.environment.schedule is not None:
        yield Page("schedule", links.scheduler(project))
    if context.rollout is not None:
        where = release_commands.where(context)
        yield Page("releases", links.pipeline(where["project"], where["region"], where["delivery_pipeline"]))


def _watching(environment: EnvironmentGuide) -> Iterator[Page]:
    project = environment.project_id
    yield Page("logs", links.logs(project, environment.workload_filter))
    yield Page("errors", links.errors(project))
    yield Page("traces", links.traces(project))
    yield Page("dashboards", links.dashboards(project))
    yield Page("alerts", links.alerting(project))


def _data(environment: EnvironmentGuide) -> Iterator[Page]:
    context, project = environment.context, environment.project_id
    if context.has_postgres:
        instance = context.names.database_instance
        yield Page("database", links.sql_instance(project, instance))
        yield Page("slow queries", links.query_insights(project, instance))
    if context.has_redis:
        yield Page("cache", links.valkey(project, environment.region, context.names.redis_instance))


def _edge(environment: EnvironmentGuide) -> Iterator[Page]:
    project = environment.project_id
    if environment.url_map is not None:
        yield Page("load balancer", links.load_balancer(project, environment.url_map))
    policy = first(environment.stack("edge"), "google_compute_security_policy")
    if policy is not None:
        yield Page("Cloud Armor", links.security_policy(project, policy.text("name")))
    if environment.context.has_iap:
        yield Page("Identity-Aware Proxy", links.iap(project))
    zone = environment.context.names.dns_zone
    if zone is not None:
        yield Page("DNS zone", links.dns_zone(zone.project, zone.managed_zone))

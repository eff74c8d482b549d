"""What every stack of one environment is built from: the spec, the organisation, and what follows from both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from spec import collector, tiers
from spec.encryption import Product, ProductId, products
from spec.model import Analytics, Environment, Rollout, ServiceSpec, Stage
from spec.names import Names
from spec.perimeter import is_inside
from spec.platform import Platform
from spec.platform.authorization import AuthorizationServer
from spec.platform.telemetry import Collector
from spec.workloads import WORKLOADS, Workload


@dataclass(frozen=True)
class Context:
    """One environment of one service, ready to be built. Stacks read it and never change it."""

    spec: ServiceSpec
    environment: Environment
    platform: Platform
    names: Names
    safety: tiers.Safety
    tables: Mapping[str, str]
    """BigQuery table -> its columns, as the JSON that people keep beside the spec."""

    @classmethod
    def of(
        cls, spec: ServiceSpec, environment: Environment, platform: Platform, tables: Mapping[str, str] | None = None
    ) -> Context:
        return cls(
            spec=spec,
            environment=environment,
            platform=platform,
            names=Names(spec, environment, platform),
            safety=tiers.resolve(environment),
            tables=tables or {},
        )

    @property
    def workload(self) -> Workload:
        """What kind of workload it is."""
        return WORKLOADS[self.spec.service.kind]

    @property
    def guide_path(self) -> str:
        """The service's operations guide in the repository."""
        return f"infra-out/{self.spec.service.id}/operations.md"

    @property
    def guide_address(self) -> str | None:
        """Where people read it."""
        return None if self.platform.guides is None else f"{self.platform.guides.rstrip('/')}/{self.guide_path}"

    @property
    def region(self) -> str:
        """The home: where everything is that keeps data."""
        return self.names.region

    @property
    def regions(self) -> tuple[str, ...]:
        """Every region that the service runs in, the home first."""
        return self.names.regions

    @property
    def owner_groups(self) -> dict[str, str]:
        """The groups (e-mail addresses) of the service's owners, by the owners' ids."""
        return {owner: self.platform.owners[owner].group for owner in self.spec.service.owners}

    @property
    def time_bound_access(self) -> bool:
        """Whether people are given more access for a while by Privileged Access Manager."""
        return self.platform.access.time_bound != "none"

    @property
    def has_operator(self) -> bool:
        """Whether there is an identity that people take on to write to the database."""
        return self.has_postgres and self.time_bound_access

    @property
    def rollout(self) -> Rollout | None:
        """The pipeline that brings releases here; None where images come in another way."""
        return self.spec.rollout if self.environment.deploy.type == "rollout" else None

    @property
    def holds_pipeline(self) -> bool:
        """Whether the pipeline and everything around it lies in this environment's project."""
        return self.rollout is not None and self.rollout.last_environment == self.environment.id

    def of_stage(self, stage: Stage) -> Context:
        """The environment of one stage of the pipeline."""
        return Context.of(self.spec, self.spec.environment(stage.environment), self.platform, self.tables)

    @property
    def collector(self) -> Collector | None:
        """The OpenTelemetry collector that runs beside the service."""
        return collector.collector(self.spec, self.environment, self.platform)

    @property
    def has_postgres(self) -> bool:
        return self.environment.resources.postgres is not None

    @property
    def has_redis(self) -> bool:
        return self.environment.resources.redis is not None

    @property
    def analytics(self) -> Analytics | None:
        """What is copied out of the database for analysts."""
        postgres = self.environment.resources.postgres
        return None if postgres is None else postgres.analytics

    @property
    def encrypted(self) -> tuple[Product, ...]:
        """The products for which the environment has keys of its own."""
        return products(self.spec, self.environment)

    def encrypts(self, product: ProductId) -> bool:
        return any(found.id == product for found in self.encrypted)

    @property
    def authorization_server(self) -> AuthorizationServer | None:
        """The OpenFGA server that the environment asks; None where its spec wants none."""
        offered = self.platform.authorization
        wanted = self.environment.resources.authorization
        return None if offered is None or wanted is None else offered.of(self.environment.tier)

    @property
    def has_bigquery(self) -> bool:
        return self.environment.resources.bigquery is not None

    @property
    def keeps_data(self) -> bool:
        """Whether the environment has anything that keeps state."""
        return self.has_postgres or self.has_redis or bool(self.environment.resources.buckets) or self.has_bigquery

    @property
    def has_messaging(self) -> bool:
        resources = self.environment.resources
        return bool(resources.topics or resources.subscriptions or resources.queues)

    @property
    def is_called_by_google(self) -> bool:
        """Whether Pub/Sub or Cloud Tasks call the service."""
        resources = self.environment.resources
        return bool(resources.queues) or any(subscription.push_path for subscription in resources.subscriptions)

    @property
    def has_iap(self) -> bool:
        """Whether Identity-Aware Proxy stands before the service."""
        return self.environment.authentication.type == "iap"

    @property
    def has_static_egress(self) -> bool:
        return self.environment.egress == "static"

    @property
    def is_inside_perimeter(self) -> bool:
        """Whether a service perimeter stands around the project."""
        return is_inside(self.environment, self.platform)

    @property
    def is_reached_from_outside(self) -> bool:
        """Whether requests come to the service from the Internet."""
        environment = self.environment
        return self.spec.service.kind == "service" and (environment.domain is not None or environment.ingress == "all")

    @property
    def leaves_through_network(self) -> bool:
        """Whether all that containers send goes through the network: for an address that is kept, or because a perimeter
        knows what comes from inside by the network that it comes from."""
        return self.has_static_egress or self.is_inside_perimeter

    @property
    def has_private_data(self) -> bool:
        """Databases and caches are reached over a private network."""
        return self.has_postgres or self.has_redis

    @property
    def needs_network(self) -> bool:
        """A service that neither reaches anything privately nor sends everything through a network needs none."""
        return self.has_private_data or self.leaves_through_network

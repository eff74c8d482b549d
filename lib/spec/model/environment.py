"""`environments[]`: one place where the service runs, in a Google project of its own."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from .access import Authentication, Domain, Egress, Ingress
from .authorization import Authorization
from .base import Expect, Section, key
from .bucket import Bucket
from .deploy import Deploy
from .encryption import Encryption
from .instances import Instances
from .job import Schedule
from .logs import Logs
from .messaging import Queue, Subscription, Topic
from .monitoring import EnvironmentMonitoring
from .names import ProjectId
from .perimeter import EnvironmentPerimeter
from .policy import PolicyException
from .postgres import Postgres
from .probes import HealthProbes
from .redis import Redis
from .secrets import EnvName, EnvValue, SecretReference, SecretReferenceText, SecretVolume, VolumeName
from .sidecar import Sidecar
from .telemetry import Telemetry
from .tiered import Tier
from .time_bound import Access
from .warehouse import BigQuery

EnvironmentId = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9]*$", max_length=10),
    Expect("1 to 10 lower-case letters and digits, starting with a letter"),
]

Region = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]+-[a-z]+[0-9]{1,2}$"),
    Expect("a Google Cloud region such as europe-west1"),
]

MAX_ADDITIONAL_REGIONS = 9
"""More than anybody has asked for, and fewer than a load balancer takes backends:
https://cloud.google.com/load-balancing/docs/quotas#backend_services"""


class Resources(Section):
    """What the platform runs for the service: databases, caches, buckets, topics, queues."""

    postgres: Postgres | None = key("A PostgreSQL database.", default=None, default_text="none")
    bigquery: BigQuery | None = key("A dataset that the service writes rows into.", default=None, default_text="none")
    redis: Redis | None = key("A cache that speaks Redis's protocol.", default=None, default_text="none")
    buckets: tuple[Bucket, ...] = key(
        "Buckets for files. Removing one from the list needs allowDestroys.", default=(), max_length=20
    )
    topics: tuple[Topic, ...] = key("Pub/Sub topics that the service publishes to.", default=(), max_length=20)
    subscriptions: tuple[Subscription, ...] = key(
        "Pub/Sub subscriptions that the service gets messages from.", default=(), max_length=20
    )
    queues: tuple[Queue, ...] = key(
        "Cloud Tasks queues of calls to the service itself.", default=(), max_length=20, only="service"
    )
    authorization: Authorization | None = key(
        "Fine-grained authorisation by the organisation's OpenFGA server.", default=None, default_text="none"
    )


class Environment(Section):
    """One place where the service runs."""

    id: EnvironmentId = key(
        "The environment's id, unique within the service; part of every name the platform makes for it.",
        immutable=True,
        examples=("dev", "prod"),
    )
    project_id: ProjectId = key(
        "The Google project to make: `<service.id>-<environment id>-<at least two random characters>`. No two"
        " environments of the fleet share one, and a deleted project's id can never be used again.",
        immutable=True,
        examples=("accounts-dev-1f3a",),
        source="https://cloud.google.com/resource-manager/docs/creating-managing-projects",
    )
    tier: Tier = key(
        "Whom the environment serves: `test` nobody, `internal` colleagues, `external` customers. The tier decides the"
        " defaults of everything that is about safety."
    )
    region: Region | None = key(
        "The region of everything in this environment, one of `regions.allowed` in platform.yaml. With"
        " `additionalRegions` it stays the home: everything that keeps data is here.",
        default=None,
        default_text="`regions.default` of platform.yaml",
        immutable=True,
        examples=("europe-west1",),
        source="https://cloud.google.com/run/docs/locations",
    )
    additional_regions: tuple[Region, ...] = key(
        "Further regions that the service runs in, each with instances of its own, behind one load balancer that sends a"
        " request to the nearest region and round one that fails. Data stays in `region`. Needs a domain.",
        default=(),
        default_text="none: everything is in `region`",
        max_length=MAX_ADDITIONAL_REGIONS,
        only="service",
        examples=(["us-central1"],),
        source="https://cloud.google.com/run/docs/multiple-regions",
    )
    allow_destroys: bool = key(
        "Lifts the protection against deletion from everything that holds data. Merge and apply it first; only then make"
        " the change that destroys, which `check` refuses before, and take it away again after.",
        default=False,
    )
    deploy: Deploy = key("Which image runs, and how it gets there.")
    instances: Instances = key("How big a container is, and how many there may be.")
    env: dict[EnvName, EnvValue] = key(
        "Variables of the container. `{{ projectId }}`, `{{ environmentId }}`, `{{ region }}` and `{{ dnsName }}` are"
        " filled in; the region is that of the instance. Nothing secret belongs here.",
        default={},
        examples=({"LOG_LEVEL": "info", "BASE_URL": "https://{{ dnsName }}"},),
        source="https://cloud.google.com/run/docs/configuring/services/environment-variables",
    )
    secret_env: dict[EnvName, SecretReferenceText] = key(
        "Variables whose value is a secret: an id in the environment's own project (made empty by the platform), or"
        " projects/<project>/secrets/<id> of another; `@<number>` pins a version, otherwise the latest is read at the"
        " start of each instance. The service is given access to each secret by itself.",
        default={},
        examples=({"OIDC_CLIENT_SECRET": "oidc-client-secret", "SHARED": "projects/acme-shared/secrets/shared@3"},),
        source="https://cloud.google.com/run/docs/configuring/services/secrets",
    )
    secret_volumes: dict[VolumeName, SecretVolume] = key(
        "Files whose content is a secret, by a name of your choice.",
        default={},
        examples=({"signing-key": {"mountPath": "/etc/accounts/signing-key.pem", "secret": "signing-key"}},),
        source="https://cloud.google.com/run/docs/configuring/services/secrets",
    )
    sidecars: tuple[Sidecar, ...] = key(
        "Containers that run beside the service's own in each instance, such as a proxy. `telemetry` adds the platform's own.",
        default=(),
        max_length=9,
        only="service",
        source="https://cloud.google.com/run/docs/deploying#sidecars",
    )
    telemetry: Telemetry = key(
        "What is seen of the service from within.", default=Telemetry.model_construct(), only="service"
    )
    health_probes: HealthProbes = key(
        "How Cloud Run finds out whether an instance has started and is still well.",
        default=HealthProbes.model_construct(),
        only="service",
    )
    authentication: Authentication = key(
        "Who is let in.",
        default=Authentication.model_construct(type="invokers"),
        default_text="`{type: invokers, invokers: []}`: nobody",
        only="service",
    )
    ingress: Ingress = key(
        "From where the service can be reached: `internal` from the environment's network and through its domain's load"
        " balancer, `all` also straight from the Internet.",
        default="internal",
        only="service",
        source="https://cloud.google.com/run/docs/securing/ingress",
    )
    egress: Egress = key(
        "How traffic leaves for the Internet: `dynamic` from addresses that Google changes as it likes, `static` from one"
        " address that is kept, which others can put on their lists.",
        default="dynamic",
        source="https://cloud.google.com/run/docs/configuring/static-outbound-ip",
    )
    domain: Domain | None = key(
        "A name on the Internet, with load balancer and certificate. Needs authentication public or iap.",
        default=None,
        default_text="none",
        only="service",
    )
    schedule: Schedule | None = key(
        "When the job runs by itself.", default=None, default_text="only on demand", only="job"
    )
    deadline_seconds: int = key(
        "How long one attempt of the job may take; less than the time between two scheduled runs.",
        default=300,
        ge=1,
        le=86400,
        only="job",
        unit="seconds",
        source="https://cloud.google.com/run/docs/configuring/task-timeout",
    )
    max_retries: int = key(
        "How often a failed run is tried again.",
        default=0,
        ge=0,
        le=10,
        only="job",
        unit="attempts",
        source="https://cloud.google.com/run/docs/configuring/max-retries",
    )
    logs: Logs = key("For how long is known what happened, and who did it.", default=Logs.model_construct())
    policy_exceptions: tuple[PolicyException, ...] = key(
        "Findings of the policy scanner that are right for now, each with who answers for it and until when.",
        default=(),
    )
    encryption: Encryption | None = key(
        "Whose keys encrypt what the environment keeps.",
        default=None,
        default_text="Google's own keys",
        source="https://cloud.google.com/docs/security/encryption/default-encryption",
    )
    perimeter: EnvironmentPerimeter = key(
        "The service perimeter around the environment, where its tier has one: `perimeter` of platform.yaml.",
        default=EnvironmentPerimeter.model_construct(),
        source="https://cloud.google.com/vpc-service-controls/docs/overview",
    )
    resources: Resources = key(
        "What the platform runs for the service: databases, caches, buckets, topics, queues.",
        default=Resources.model_construct(),
    )
    monitoring: EnvironmentMonitoring = key(
        "What is watched, and who is told, in this environment alone.",
        default=EnvironmentMonitoring.model_construct(),
    )
    access: Access = key(
        "Who may ask for more than the tier's standing access, for how long, and who must agree.",
        default=Access.model_construct(),
        source="https://cloud.google.com/iam/docs/pam-overview",
    )

    @property
    def probes(self) -> HealthProbes:
        """The probes as Cloud Run gets them. An instance that may have to migrate a database first has all the time that
        Cloud Run gives."""
        return self.health_probes if self.resources.postgres is None else self.health_probes.patient()

    @property
    def max_instances(self) -> int:
        """Instances of a service at full scale, over all its regions."""
        return self.instances.scaling.max_count * (1 + len(self.additional_regions))

    @property
    def secret_env_references(self) -> dict[str, SecretReference]:
        """Variable name → the secret that is its value."""
        return {name: SecretReference.parse(text) for name, text in self.secret_env.items()}

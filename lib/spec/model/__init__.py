"""What a service.yaml may say, one module for each section.

Follow a key: `environments[].resources.postgres.memoryGb` is `memory_gb` in `postgres.py`; rules about one value stand
beside it, rules about several values in `spec.rules`.
"""

from .access import Authentication, Domain, Ingress
from .authorization import Authorization
from .bucket import Bucket
from .build import Build, Source
from .deploy import Deploy
from .encryption import Encryption
from .environment import Environment, Resources
from .instances import Instances, Scaling
from .job import Schedule
from .logs import Logs
from .messaging import Queue, Subscription, Topic
from .monitoring import CustomAlert, Monitoring, ResponseCodeRatio, Slo, Tuning
from .perimeter import EnvironmentPerimeter, PerimeterException
from .policy import PolicyException
from .postgres import Maintenance, Postgres
from .probes import HealthProbes
from .redis import Redis
from .rollout import Rollback, Rollout, Stage, Verification, Wait
from .root import ServiceSpec
from .secrets import SecretReference, SecretVolume
from .service import Iam, Service
from .sidecar import Sidecar
from .tiered import Reasoned, Tier, Tiered, plain
from .time_bound import Access, AccessLevel
from .warehouse import Analytics, BigQuery, Publication

__all__ = [
    "Access",
    "AccessLevel",
    "Analytics",
    "Authentication",
    "Authorization",
    "BigQuery",
    "Bucket",
    "Build",
    "CustomAlert",
    "Deploy",
    "Domain",
    "Encryption",
    "Environment",
    "EnvironmentPerimeter",
    "HealthProbes",
    "Iam",
    "Ingress",
    "Instances",
    "Logs",
    "Maintenance",
    "Monitoring",
    "PerimeterException",
    "PolicyException",
    "Postgres",
    "Publication",
    "Queue",
    "Reasoned",
    "Redis",
    "Resources",
    "ResponseCodeRatio",
    "Rollback",
    "Rollout",
    "Scaling",
    "Schedule",
    "SecretReference",
    "SecretVolume",
    "Service",
    "ServiceSpec",
    "Sidecar",
    "Slo",
    "Source",
    "Subscription",
    "Stage",
    "Tier",
    "Tiered",
    "Topic",
    "Tuning",
    "Verification",
    "Wait",
    "plain",
]

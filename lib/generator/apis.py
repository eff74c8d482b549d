"""Which of Google's APIs an environment needs."""

from __future__ import annotations

from generator.context import Context

EVERY_ENVIRONMENT = (
    "cloudresourcemanager.googleapis.com",
    "cloudtrace.googleapis.com",
    "iam.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "serviceusage.googleapis.com",
    "telemetry.googleapis.com",
)
NETWORK = ("compute.googleapis.com",)
POSTGRES = ("servicenetworking.googleapis.com", "sqladmin.googleapis.com")
REDIS = ("memorystore.googleapis.com", "networkconnectivity.googleapis.com")
ANALYTICS = ("bigquery.googleapis.com", "compute.googleapis.com", "datastream.googleapis.com")
BIGQUERY = ("bigquery.googleapis.com", "bigquerystorage.googleapis.com")
BUCKETS = ("storage.googleapis.com",)
PUBSUB = ("pubsub.googleapis.com",)
TASKS = ("cloudtasks.googleapis.com",)
SCHEDULE = ("cloudscheduler.googleapis.com",)
KEYS = ("cloudkms.googleapis.com",)
TIME_BOUND_ACCESS = ("privilegedaccessmanager.googleapis.com",)
DELIVERY = (
    "cloudbuild.googleapis.com",
    "clouddeploy.googleapis.com",
    "iamcredentials.googleapis.com",
    "pubsub.googleapis.com",
    "storage.googleapis.com",
    "sts.googleapis.com",
)
DOMAIN = ("certificatemanager.googleapis.com", "compute.googleapis.com")
IAP = ("iap.googleapis.com",)


def required_apis(context: Context) -> list[str]:
    """The APIs that this environment's resources need, and those that the spec asks for; sorted."""
    environment = context.environment
    apis = {*EVERY_ENVIRONMENT, *context.spec.service.iam.apis}
    apis.update(NETWORK if context.needs_network else ())
    apis.update(POSTGRES if context.has_postgres else ())
    apis.update(REDIS if context.has_redis else ())
    apis.update(ANALYTICS if context.analytics else ())
    apis.update(BIGQUERY if context.has_bigquery else ())
    apis.update(BUCKETS if environment.resources.buckets else ())
    apis.update(PUBSUB if environment.resources.topics or environment.resources.subscriptions else ())
    apis.update(TASKS if environment.resources.queues else ())
    apis.update(SCHEDULE if environment.schedule else ())
    apis.update(TIME_BOUND_ACCESS if context.time_bound_access else ())
    apis.update(KEYS if context.encrypted else ())
    apis.update(DELIVERY if context.holds_pipeline else ())
    apis.update(DOMAIN if environment.domain else ())
    apis.update(IAP if context.has_iap else ())
    return sorted(apis)

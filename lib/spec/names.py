"""The name of everything that is made for one environment. Pure functions of spec, environment and platform."""

from __future__ import annotations

from dataclasses import dataclass

from .constants import RESERVED_SECRET_PREFIX
from .limits import bigquery_multi_region
from .model.environment import Environment
from .model.root import ServiceSpec
from .model.tiered import Tier
from .model.warehouse import Location
from .platform import Platform
from .platform.organization import DnsZone

WORKLOAD_ACCOUNT_ID = "workload"
SCHEDULER_ACCOUNT_ID = "scheduler"
RELEASER_ACCOUNT_ID = "releaser"
PROMOTER_ACCOUNT_ID = "promoter"
OPERATOR_ACCOUNT_ID = "operator"
INVOKER_ACCOUNT_ID = "invoker"
"""Ids of service accounts, the same in every project, 6 to 30 characters:
https://cloud.google.com/iam/docs/service-accounts-create"""

CI_POOL_ID = "ci-releases"
CI_PROVIDER_ID = "github"
"""Workload identity pool and provider of a pipeline's project:
https://cloud.google.com/iam/docs/manage-workload-identity-pools-providers"""

RELEASE_TOPICS = ("clouddeploy-approvals", "clouddeploy-operations")
"""Cloud Deploy publishes to topics of these names by itself:
https://cloud.google.com/deploy/docs/subscribe-deploy-notifications"""

RELEASE_FOLDER = "release"
"""Folder beside stack `delivery` that a release is made from."""

CUSTOM_ROLE_ID = "mspWorkload"
"""Role that holds `service.iam.permissions`: https://cloud.google.com/iam/docs/creating-custom-roles"""

KEY_RESCUE_ROLE_ID = "mspKeyRescue"
"""Role that brings keys back and can't destroy them."""

MANAGED_BY = "msp"

OWN_LABELS = ("environment", "managed-by", "owners", "service", "tier")
"""Labels that the platform sets itself."""


def label_of_owners(owners: tuple[str, ...]) -> str:
    """The value of the label `owners`. Owner ids contain no underscore, so the value can be taken apart again."""
    return "_".join(owners)


@dataclass(frozen=True)
class Names:
    """The names of one environment."""

    spec: ServiceSpec
    environment: Environment
    platform: Platform

    @property
    def service_id(self) -> str:
        return self.spec.service.id

    @property
    def environment_id(self) -> str:
        return self.environment.id

    @property
    def tier(self) -> Tier:
        return self.environment.tier

    @property
    def project_id(self) -> str:
        return self.environment.project_id

    @property
    def project_display_name(self) -> str:
        """`Accounts - dev`, 4 to 30 characters: the spec's rules see to it."""
        return f"{self.spec.service.name} - {self.environment.id}"

    @property
    def folder_id(self) -> str:
        """Number of the folder under which the project lies."""
        folders = self.platform.folders
        return {"test": folders.test, "internal": folders.internal, "external": folders.external}[self.tier]

    @property
    def region(self) -> str:
        """The home: where everything is that keeps data."""
        return self.environment.region or self.platform.regions.default

    @property
    def regions(self) -> tuple[str, ...]:
        """Every region that the service runs in, the home first."""
        return self.region, *self.environment.additional_regions

    @property
    def service_name(self) -> str:
        """Name of the Cloud Run service or job, at most 49 characters; a project holds one service only."""
        return self.service_id

    @property
    def workload_account_id(self) -> str:
        return WORKLOAD_ACCOUNT_ID

    @property
    def workload_email(self) -> str:
        """The service's own identity."""
        return self._email(WORKLOAD_ACCOUNT_ID)

    @property
    def workload_db_user(self) -> str:
        """The same identity as Cloud SQL names it, at most 63 characters:
        https://cloud.google.com/sql/docs/postgres/iam-authentication"""
        return self._database_user(WORKLOAD_ACCOUNT_ID)

    @property
    def operator_account_id(self) -> str:
        return OPERATOR_ACCOUNT_ID

    @property
    def operator_email(self) -> str:
        """The identity that people take on to write to the database, while they are allowed to."""
        return self._email(OPERATOR_ACCOUNT_ID)

    @property
    def operator_db_user(self) -> str:
        return self._database_user(OPERATOR_ACCOUNT_ID)

    def entitlement(self, level: str) -> str:
        """Id of an entitlement of Privileged Access Manager, 4 to 63 characters:
        https://cloud.google.com/iam/docs/reference/pam/rest/v1/projects.locations.entitlements"""
        return f"{self.service_id}-{self.environment_id}-{level}"

    @property
    def scheduler_account_id(self) -> str:
        return SCHEDULER_ACCOUNT_ID

    @property
    def scheduler_email(self) -> str:
        """The identity as which Cloud Scheduler starts the job."""
        return self._email(SCHEDULER_ACCOUNT_ID)

    @property
    def invoker_account_id(self) -> str:
        return INVOKER_ACCOUNT_ID

    @property
    def invoker_email(self) -> str:
        """The identity as which Pub/Sub and Cloud Tasks call the service."""
        return self._email(INVOKER_ACCOUNT_ID)

    @property
    def database_instance(self) -> str:
        """Cloud SQL instance; with project and colon at most 98 characters."""
        return f"{self.service_id}-{self.environment_id}-pg"

    @property
    def redis_instance(self) -> str:
        """Memorystore instance, at most 63 characters."""
        return f"{self.service_id}-{self.environment_id}-redis"

    @property
    def egress(self) -> str:
        """Reserved address, router and NAT of outgoing traffic, at most 63 characters."""
        return f"{self.network}-egress"

    def bucket(self, name: str) -> str:
        """Bucket, unique in all of Google Cloud because the project's id is; at most 51 of 63 characters."""
        return f"{self.project_id}-{name}"

    def topic(self, name: str) -> str:
        """Full name of a topic of this environment."""
        return f"projects/{self.project_id}/topics/{name}"

    def subscription(self, name: str) -> str:
        return f"projects/{self.project_id}/subscriptions/{name}"

    def dead_letter(self, subscription: str) -> str:
        """Topic and subscription for what couldn't be delivered. No name in a spec has a dot."""
        return f"{subscription}.dead-letter"

    def queue(self, name: str) -> str:
        return f"projects/{self.project_id}/locations/{self.region}/queues/{name}"

    @property
    def network(self) -> str:
        """VPC network, at most 63 characters."""
        return f"{self.service_id}-{self.environment_id}"

    @property
    def key_ring(self) -> str:
        """Key ring of Cloud KMS, at most 63 characters; it can never be deleted."""
        return f"{self.service_id}-{self.environment_id}"

    def key(self, product: str) -> str:
        """Full name of a key of the environment's own (`spec.encryption`)."""
        return f"projects/{self.project_id}/locations/{self.region}/keyRings/{self.key_ring}/cryptoKeys/{product}"

    @property
    def perimeter(self) -> str:
        """Service perimeter, at most 50 letters, digits and underscores, unique in the access policy: no id has an
        underscore."""
        return f"{self._underscored(self.service_id)}_{self.environment_id}"

    def executor_email(self, stage: str) -> str:
        """The identity that deploys to a stage, in the project of the pipeline."""
        return self._email(f"deploy-{stage}")

    @property
    def releaser_account_id(self) -> str:
        return RELEASER_ACCOUNT_ID

    @property
    def releaser_email(self) -> str:
        """The identity that makes releases, in the project of the pipeline."""
        return self._email(RELEASER_ACCOUNT_ID)

    @property
    def promoter_account_id(self) -> str:
        return PROMOTER_ACCOUNT_ID

    @property
    def promoter_email(self) -> str:
        """The identity of what the pipeline does by itself."""
        return self._email(PROMOTER_ACCOUNT_ID)

    @property
    def pipeline(self) -> str:
        """Cloud Deploy's pipeline; its project has no other."""
        return self.service_id

    @property
    def stage_target(self) -> str:
        """Cloud Deploy's target that is the environment's stage; with several regions it stands for one of each."""
        return self.region_target(self.region) if len(self.regions) == 1 else f"{self.environment_id}-regions"

    def region_target(self, region: str) -> str:
        """The target of one region. An environment's id has no dash, so none of them is another environment's."""
        return self.environment_id if region == self.region else f"{self.environment_id}-{region}"

    @property
    def release_bucket(self) -> str:
        """Bucket that keeps releases, at most 43 characters; a project's id is unique in the world, and so is this."""
        return f"{self.project_id}-msp-releases"

    @property
    def image_repository(self) -> str:
        """Where the image lies, without tag and digest."""
        return self.spec.build.image or f"{self.platform.registry.repository}/{self.service_id}"

    @property
    def image(self) -> str:
        """The image that Terraform runs: by digest where there is one, by tag otherwise; with a pipeline the first one."""
        deploy, rollout = self.environment.deploy, self.spec.rollout
        if deploy.type == "rollout" and rollout is not None:
            return f"{self.image_repository}@{rollout.initial_image}"
        if deploy.digest is not None:
            return f"{self.image_repository}@{deploy.digest}"
        return f"{self.image_repository}:{deploy.tag}"

    @property
    def dns_name(self) -> str | None:
        """The service's name on the Internet, None without domain."""
        domain = self.environment.domain
        return None if domain is None else domain.dns_name

    @property
    def dns_zone(self) -> DnsZone | None:
        """The zone of that name, None without domain."""
        domain = self.environment.domain
        return None if domain is None else self.platform.zone(domain.zone)

    @property
    def authorization_store(self) -> str:
        """The environment's store on the OpenFGA server, whose names have at most 64 characters."""
        return f"{self.service_id}-{self.environment.id}"

    @property
    def bigquery_dataset(self) -> str | None:
        """Id of the dataset that the service writes into, None without one."""
        bigquery = self.environment.resources.bigquery
        return None if bigquery is None else bigquery.dataset or self._underscored(self.service_id)

    @property
    def bigquery_project(self) -> str | None:
        """The project of that dataset, None without one."""
        bigquery = self.environment.resources.bigquery
        return None if bigquery is None else bigquery.project_id or self.project_id

    def analytics_dataset(self, publication: str) -> str:
        """Id of the dataset with the copies of a publication's tables."""
        return f"{self._underscored(self.service_id)}_{publication}"

    def publication(self, name: str) -> str:
        """Name of a publication and of its replication slot, in words that PostgreSQL takes without quotes."""
        return f"msp_{name}"

    def stream_user(self, publication: str) -> str:
        """Database user that streams a publication; at most 63 characters."""
        return f"msp_stream_{publication}"

    def stream_secret(self, publication: str) -> str:
        """Secret with that user's password."""
        return f"{RESERVED_SECRET_PREFIX}stream-{publication.replace('_', '-')}"

    def bigquery_location(self, location: Location) -> str:
        """`europe-west1`, or `EU`; the spec's rules see to it that there is a multi-region."""
        around = bigquery_multi_region(self.region) if location == "multiRegion" else None
        return around or self.region

    def state_prefix(self, stack: str) -> str:
        """Where the state of one stack lies in the state bucket."""
        return f"{self.service_id}/{self.environment_id}/{stack}"

    def workspace(self, stack: str) -> str:
        """The workspace of HCP Terraform that keeps the state of one stack, at most 90 characters."""
        return f"{self.service_id}-{self.environment_id}-{stack}"

    @property
    def labels(self) -> dict[str, str]:
        """Labels of everything that can bear labels, sorted by key."""
        labels = {
            **self.platform.labels,
            "environment": self.environment_id,
            "managed-by": MANAGED_BY,
            "owners": label_of_owners(self.spec.service.owners),
            "service": self.service_id,
            "tier": self.tier,
        }
        return dict(sorted(labels.items()))

    @staticmethod
    def _underscored(text: str) -> str:
        return text.replace("-", "_")

    def _email(self, account_id: str) -> str:
        return f"{account_id}@{self.project_id}.iam.gserviceaccount.com"

    def _database_user(self, account_id: str) -> str:
        return self._email(account_id).removesuffix(".gserviceaccount.com")

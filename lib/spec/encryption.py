"""Which products of Google Cloud encrypt with a key of the environment's own, as whom, and what can't be encrypted so.

One table: stack `keys` makes a key for each row that an environment uses, the operations guide and the reference page
print it. A product has its own key and its own agent, so that a key that is shut shuts one product, and the audit log
says which one used it (docs/adr/0025-keys-of-its-own.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .model.environment import Environment
    from .model.root import ServiceSpec

ProductId = Literal["bigquery", "cache", "database", "messages", "run", "secrets", "storage", "stream"]

ENCRYPT = "roles/cloudkms.cryptoKeyEncrypterDecrypter"


@dataclass(frozen=True)
class Product:
    """One product that encrypts with a key.

    id       name of the key
    what     what is encrypted
    shut     what happens while the key is disabled
    api      API of the product
    agent    the product's own identity, `$number` being the project's; None where only Google tells it
    made     whether the agent is there as soon as the API is; otherwise somebody has to ask for it once
    source   where the agent and the limits are written
    used     whether an environment uses the product
    """

    id: ProductId
    what: str
    shut: str
    api: str
    agent: str | None
    made: bool
    source: str
    used: Callable[[ServiceSpec, Environment], bool]


def _agent(name: str) -> str:
    return f"service-$number@{name}.iam.gserviceaccount.com"


def _publishes(spec: ServiceSpec, environment: Environment) -> bool:
    resources = environment.resources
    return bool(resources.topics or resources.subscriptions) or _holds_pipeline(spec, environment)


def _holds_pipeline(spec: ServiceSpec, environment: Environment) -> bool:
    """Releases are kept in a bucket, and told to topics, of the last stage's project."""
    return spec.rollout is not None and spec.rollout.last_environment == environment.id


def _copies(environment: Environment) -> bool:
    postgres = environment.resources.postgres
    return postgres is not None and postgres.analytics is not None


PRODUCTS: tuple[Product, ...] = (
    Product(
        "secrets", "versions of secrets",
        "no secret can be read: no instance starts that needs one",
        "secretmanager.googleapis.com", _agent("gcp-sa-secretmanager"), False,
        "https://cloud.google.com/secret-manager/docs/cmek",
        lambda spec, environment: True,
    ),
    Product(
        "run", "the copy of the image that instances start from",
        "no new instance starts; those that run go on until they end",
        "run.googleapis.com",
        _agent("serverless-robot-prod"), True,
        "https://cloud.google.com/run/docs/securing/using-cmek",
        lambda spec, environment: True,
    ),
    Product(
        "database", "the database with its backups and logs of changes",
        "the instance stops, and comes back with the key",
        "sqladmin.googleapis.com",
        _agent("gcp-sa-cloud-sql"), False,
        "https://cloud.google.com/sql/docs/postgres/configure-cmek",
        lambda spec, environment: environment.resources.postgres is not None,
    ),
    Product(
        "cache", "what the cache writes to disk; memory is not encrypted",
        "the instance stops, and comes back with the key",
        "memorystore.googleapis.com",
        _agent("gcp-sa-memorystore"), False,
        "https://cloud.google.com/memorystore/docs/valkey/about-cmek",
        lambda spec, environment: environment.resources.redis is not None,
    ),
    Product(
        "storage", "objects of buckets, and releases",
        "objects can neither be read nor written",
        "storage.googleapis.com", None, True,
        "https://cloud.google.com/storage/docs/encryption/customer-managed-keys",
        lambda spec, environment: bool(environment.resources.buckets) or _holds_pipeline(spec, environment),
    ),
    Product(
        "messages", "messages of topics, while they are kept",
        "nothing is published and nothing delivered; what waits is kept as long as ever",
        "pubsub.googleapis.com", _agent("gcp-sa-pubsub"), False,
        "https://cloud.google.com/pubsub/docs/encryption",
        _publishes,
    ),
    Product(
        "bigquery", "rows of BigQuery's tables",
        "tables can neither be read nor written",
        "bigquery.googleapis.com", None, True,
        "https://cloud.google.com/bigquery/docs/customer-managed-encryption",
        lambda spec, environment: environment.resources.bigquery is not None or _copies(environment),
    ),
    Product(
        "stream", "rows on their way to analysts",
        "the streams stop; the database keeps what they have not read, on its own disk",
        "datastream.googleapis.com", _agent("gcp-sa-datastream"), False,
        "https://cloud.google.com/datastream/docs/use-cmek",
        lambda spec, environment: _copies(environment),
    ),
)  # fmt: skip
"""In the order in which the guide shows them."""

NOT_ENCRYPTED: tuple[tuple[str, str], ...] = (
    ("logs and metrics", "the bucket of the service's own logs is global and takes no key; and who could shut the key of the"
     " record could make unreadable who did it"),
    ("tasks in queues", "Cloud Tasks takes one key for a whole project and region, which no resource of the pinned"
     " provider sets"),
    ("the image itself", "it lies in the organisation's registry, which may have a key of its own"),
    ("Terraform's state", "it lies in the organisation's place for state; no secret is in it"),
)  # fmt: skip
"""What an environment keeps that its keys do not encrypt, and why."""


def products(spec: ServiceSpec, environment: Environment) -> tuple[Product, ...]:
    """The products for which the environment has keys; none where the keys are Google's."""
    encryption = environment.encryption
    if encryption is None or not encryption.customer_managed_keys:
        return ()
    return tuple(product for product in PRODUCTS if product.used(spec, environment))

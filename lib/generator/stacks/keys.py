"""Stack `keys`: keys of the environment's own, one for each product, and who brings them back (docs/adr/0025-keys-of-its-own.md).

There before everything that is encrypted with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

from generator.context import Context
from generator.engine import core, google
from generator.resources import crypto_key
from generator.stacks.scope import Export, StackScope
from spec.encryption import Product, ProductId
from spec.names import KEY_RESCUE_ROLE_ID

NAME = "keys"

RESCUE = (
    "cloudkms.cryptoKeyVersions.get",
    "cloudkms.cryptoKeyVersions.list",
    "cloudkms.cryptoKeyVersions.restore",
    "cloudkms.cryptoKeyVersions.update",
    "cloudkms.cryptoKeys.get",
    "cloudkms.cryptoKeys.list",
    "cloudkms.keyRings.get",
    "cloudkms.keyRings.list",
)
"""What it takes to bring a key back: every predefined role that does so may destroy keys and say who uses them too.
Source: https://cloud.google.com/kms/docs/reference/permissions-and-roles"""

Keys = Mapping[ProductId, Export]
"""Product -> full name of its key, where the environment has keys of its own."""


@dataclass(frozen=True)
class Variables:
    project_number: Export


@dataclass(frozen=True)
class Outputs:
    keys: Keys


NONE = Outputs({})
"""Where the keys are Google's."""


def build(app: core.App, context: Context, variables: Variables) -> Outputs:
    stack = StackScope(app, context, NAME)
    ring = google.kms_key_ring.KmsKeyRing(
        stack.tf,
        "ring",
        project=context.names.project_id,
        location=context.region,
        name=context.names.key_ring,
        lifecycle=stack.lifecycle,
    )
    number = stack.read(variables.project_number)
    made = {product.id: _key(stack, product, ring.id, number) for product in context.encrypted}
    google.project_iam_custom_role.ProjectIamCustomRole(
        stack.tf,
        "rescue",
        project=context.names.project_id,
        role_id=KEY_RESCUE_ROLE_ID,
        title="Brings back keys that were disabled or are to be destroyed",
        permissions=list(RESCUE),
    )
    stack.local("keys", made)
    return Outputs({id: stack.export(f"key_{id}", key, f"Key of {id}") for id, key in made.items()})


def of(stack: StackScope, keys: Keys, product: ProductId) -> str | None:
    """Full name of a product's key, None where it is Google's."""
    return stack.read(keys[product]) if product in keys else None


def _key(stack: StackScope, product: Product, ring: str, number: str) -> str:
    context = stack.context
    encryption = context.environment.encryption
    assert encryption is not None  # otherwise there is no such stack
    return crypto_key.new(
        stack.tf,
        product.id,
        crypto_key.Config(
            name=product.id,
            key_ring=ring,
            rotation_days=context.safety.key_rotation_days,
            destroy_scheduled_days=context.safety.key_destruction_days,
            protection_level=encryption.protection_level.upper(),
            labels=context.names.labels,
            agents=_agents(stack, product, number),
            lifecycle=stack.lifecycle,
        ),
    ).id


def _agents(stack: StackScope, product: Product, number: str) -> dict[str, str]:
    """The product's own identities. To ask for Cloud Storage's and BigQuery's makes them, where they aren't there yet."""
    context, names = stack.context, stack.context.names
    if product.agent is not None:
        return {"agent": f"serviceAccount:{Template(product.agent).substitute(number=number)}"}
    if product.id == "storage":
        storage = google.data_google_storage_project_service_account
        return {
            "agent": storage.DataGoogleStorageProjectServiceAccount(
                stack.tf, "storage-agent", project=names.project_id
            ).member
        }
    # BigQuery encrypts a dataset as the agent of the dataset's project, which may be another one.
    projects = {names.bigquery_project, names.project_id if context.analytics else None} - {None}
    bigquery = google.data_google_bigquery_default_service_account
    return {
        name: bigquery.DataGoogleBigqueryDefaultServiceAccount(stack.tf, f"bigquery-{name}", project=project).member
        for project in sorted(filter(None, projects))
        for name in ["agent" if project == names.project_id else "agent-elsewhere"]
    }

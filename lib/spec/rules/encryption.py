"""`encryption`: keys that have something to encrypt, where they can encrypt it."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Finding
from .base import Place

ONLY_WITH_KEYS = {
    "rotation_days": "rotationDays",
    "destroy_scheduled_days": "destroyScheduledDays",
    "protection_level": "protectionLevel",
}


def terms_of_keys_have_keys(place: Place) -> Iterator[Finding]:
    """Google's keys are as Google keeps them."""
    encryption = place.environment.encryption
    if encryption is None or encryption.customer_managed_keys:
        return
    for attribute, name in ONLY_WITH_KEYS.items():
        if attribute in encryption.model_fields_set:
            yield Finding(
                place.keys("encryption", name),
                "without-effect",
                f"no `{name}` with `customerManagedKeys: false`",
                "delete it",
                f"`{name}`",
                on_key=True,
            )


def keys_are_where_the_data_are(place: Place) -> Iterator[Finding]:
    """A key encrypts in its own location alone, and the environment's keys are in its region:
    https://cloud.google.com/bigquery/docs/customer-managed-encryption"""
    encryption, resources = place.environment.encryption, place.environment.resources
    if encryption is None or not encryption.customer_managed_keys:
        return
    postgres = resources.postgres
    for section, path in (
        (resources.bigquery, ("resources", "bigquery")),
        (postgres.analytics if postgres is not None else None, ("resources", "postgres", "analytics")),
    ):
        if section is not None and section.location == "multiRegion":
            yield Finding(
                place.keys(*path, "location"),
                "key-elsewhere",
                "`region`: the environment's keys are in its region, and encrypt nothing elsewhere",
                "write region, or delete the line",
            )


ENVIRONMENT_RULES = (terms_of_keys_have_keys, keys_are_where_the_data_are)

"""Buckets."""

from __future__ import annotations

from collections.abc import Iterator

from ..check.partial import MISSING
from ..findings import Finding
from .base import Place, known, repeated_names

FORBIDDEN_WORD = "google"
"""No bucket's name may contain it: https://cloud.google.com/storage/docs/buckets#naming"""


def names_are_free(place: Place) -> Iterator[Finding]:
    """Each name once, and none that Google refuses."""
    keys, buckets = place.keys("resources", "buckets"), place.environment.resources.buckets
    yield from repeated_names(buckets, keys)
    for index, bucket in known(buckets):
        if bucket.name is not MISSING and FORBIDDEN_WORD in bucket.name:
            yield Finding(
                (*keys, index, "name"),
                "restricted-word",
                f"a name without {FORBIDDEN_WORD}",
                "choose another name",
            )


def retention_ends_before_deletion(place: Place) -> Iterator[Finding]:
    """What is kept for so long isn't deleted sooner."""
    for index, bucket in known(place.environment.resources.buckets):
        kept, deleted = bucket.retention_days, bucket.delete_after_days
        if kept is None or deleted is None or kept is MISSING or deleted is MISSING or kept <= deleted:
            continue
        yield Finding(
            place.keys("resources", "buckets", index, "deleteAfterDays"),
            "deleted-before-retention",
            f"at least {kept}, the bucket's retentionDays",
            f"write {kept}, or shorten retentionDays",
        )


ENVIRONMENT_RULES = (names_are_free, retention_ends_before_deletion)

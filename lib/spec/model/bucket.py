"""`resources.buckets[]`: Cloud Storage."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from .base import Expect, Section, key

ResourceName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]([a-z0-9-]*[a-z0-9])?$", max_length=20),
    Expect("at most 20 lower-case letters, digits and dashes, starting with a letter and not ending with a dash"),
]
"""What a spec calls one of several resources of a kind; part of the name that the platform makes."""

_LIFECYCLE = "https://cloud.google.com/storage/docs/lifecycle"


class Bucket(Section):
    """A bucket of the service's own: never public, opened by IAM alone, and what is deleted can be brought back."""

    name: ResourceName = key(
        "What the service calls the bucket, unique in the environment; the bucket itself is `<project id>-<name>`.",
        immutable=True,
        examples=("uploads",),
        source="https://cloud.google.com/storage/docs/buckets#naming",
    )
    delete_after_days: int | None = key(
        "Age at which an object is deleted by itself.",
        default=None,
        default_text="never",
        ge=1,
        le=36500,
        unit="days",
        source=_LIFECYCLE,
    )
    retention_days: int | None = key(
        "Age below which nobody can delete or replace an object. Such a bucket keeps no old versions: there are none.",
        default=None,
        default_text="none",
        ge=1,
        le=36500,
        unit="days",
        source="https://cloud.google.com/storage/docs/bucket-lock",
    )

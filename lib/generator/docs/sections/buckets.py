"""The buckets of each environment, and how something that was deleted comes back."""

from __future__ import annotations

from collections.abc import Sequence

from generator.docs import links
from generator.docs.inline import Text, code, fmt, link
from generator.docs.markdown import Block, Blocks, heading, paragraph, shell, table
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.shell import gcloud
from spec.model import Bucket


def title(environment: EnvironmentGuide) -> str:
    return f"Buckets of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = []
    for environment in guide.environments:
        buckets = environment.context.environment.resources.buckets
        if buckets:
            found += _environment(environment, buckets)
    return [heading(2, "Buckets"), *found] if found else []


def _environment(environment: EnvironmentGuide, buckets: Sequence[Bucket]) -> Blocks:
    context = environment.context
    first = context.names.bucket(buckets[0].name)
    return [
        heading(3, title(environment), environment.id),
        table(
            ("Called", "Bucket", "Objects are deleted", "Nobody can delete or replace them"),
            [_row(environment, bucket) for bucket in buckets],
        ),
        paragraph(
            fmt(
                "The {} finds their names in {} and uses them as itself. What was deleted or replaced can be brought"
                " back for {} days. What was deleted for good, and how the last state of an object comes back:",
                context.spec.service.kind,
                code("BUCKETS"),
                context.safety.bucket_recovery_days,
            )
        ),
        shell(
            gcloud("storage", "ls", f"gs://{first}", project=environment.project_id, soft_deleted=True),
            gcloud("storage", "restore", f"gs://{first}/OBJECT", project=environment.project_id),
        ),
        *_versions(environment, buckets),
        *_retained(buckets),
    ]


def _versions(environment: EnvironmentGuide, buckets: Sequence[Bucket]) -> Blocks:
    versioned = [bucket for bucket in buckets if bucket.retention_days is None]
    if not versioned:
        return []
    name = environment.context.names.bucket(versioned[0].name)
    return [
        paragraph("Before that, what was deleted or replaced is an old version. All versions; and one made current again:"),
        shell(
            gcloud("storage", "ls", f"gs://{name}", project=environment.project_id, all_versions=True),
            gcloud("storage", "cp", "VERSION", f"gs://{name}/OBJECT", project=environment.project_id),
        ),
    ]


def _retained(buckets: Sequence[Bucket]) -> Blocks:
    if all(bucket.retention_days is None for bucket in buckets):
        return []
    return [
        paragraph(
            fmt(
                "Objects that must still be kept hold their bucket back: it can't be destroyed before the last of them is"
                " old enough, or {} is taken out of the spec and that is applied.",
                code("retentionDays"),
            )
        )
    ]


def _row(environment: EnvironmentGuide, bucket: Bucket) -> tuple[Text, ...]:
    name = environment.context.names.bucket(bucket.name)
    return (
        code(bucket.name),
        link(name, links.bucket(environment.project_id, name)),
        "never by themselves" if bucket.delete_after_days is None else f"after {bucket.delete_after_days} days",
        "-" if bucket.retention_days is None else f"for {bucket.retention_days} days",
    )

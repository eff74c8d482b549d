"""The secrets of each environment: who reads which, and the command that gives one a new value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.docs import links
from generator.docs.inline import Inline, Text, code, fmt, join, link
from generator.docs.markdown import Block, Blocks, anchor, heading, paragraph, shell, table
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.sections import access, applying, rollout
from generator.docs.shell import gcloud
from generator.docs.terraform_json import resources
from spec.model import SecretReference

HOW_TO_FILL = Inline(
    "Run the command, paste the value, press Ctrl-D (twice, so that no newline is stored): the value is on no command"
    " line."
)


@dataclass(frozen=True)
class Reader:
    """One place where the container reads a secret."""

    reference: SecretReference
    place: Inline


def title(environment: EnvironmentGuide) -> str:
    return f"Secrets of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = [
        heading(2, "Secrets"),
        paragraph(
            "Values are in Secret Manager only: never in the spec, in Terraform, in its state or in this guide. Each"
            " secret is readable by itself, and only by what needs it."
        ),
    ]
    for environment in guide.environments:
        found += _environment(environment)
    return found


def own(environment: EnvironmentGuide) -> list[str]:
    """Ids of the declared secrets in the environment's own project: made empty, filled by people."""
    return sorted({reader.reference.secret for reader in _readers(environment) if reader.reference.project is None})


def _environment(environment: EnvironmentGuide) -> Blocks:
    return [
        heading(3, title(environment), environment.id),
        table(("Secret", "Read as", "Version", "Filled by"), [*_declared(environment), *_platforms(environment)]),
        *_new_value(environment),
    ]


def _readers(environment: EnvironmentGuide) -> Iterator[Reader]:
    declared = environment.context.environment
    for name, text in sorted(declared.secret_env.items()):
        yield Reader(SecretReference.parse(text), fmt("variable {}", code(name)))
    for _, volume in sorted(declared.secret_volumes.items()):
        yield Reader(volume.reference, fmt("file {}", code(volume.mount_path)))


def _declared(environment: EnvironmentGuide) -> Iterator[tuple[Text, ...]]:
    for reader in _readers(environment):
        reference = reader.reference
        project = reference.project or environment.project_id
        filled = "people" if reference.project is None else fmt("its owners, in project {}", code(reference.project))
        yield (
            link(reference.secret, links.secret(project, reference.secret)),
            reader.place,
            reference.version if reference.version == "latest" else fmt("{} only", reference.version),
            filled,
        )


def _platforms_words(environment: EnvironmentGuide) -> dict[str, str]:
    """What each of the platform's own secrets is for."""
    analytics, names = environment.context.analytics, environment.context.names
    streams = {
        names.stream_secret(publication.name): f"by Datastream, to copy publication {publication.name}"
        for publication in (analytics.publications if analytics is not None else ())
    }
    return {**PLATFORM_SECRETS, **streams}


def _platforms(environment: EnvironmentGuide) -> Iterator[tuple[Text, ...]]:
    """The secrets that the platform made for itself."""
    for stack in environment.stacks.values():
        for resource in resources(stack, "google_secret_manager_secret"):
            secret = resource.text("secret_id")
            if secret not in own(environment):
                yield (
                    link(secret, links.secret(environment.project_id, secret)),
                    _platforms_words(environment).get(secret, "by the platform"),
                    "latest",
                    "the platform; nobody needs to read it",
                )


PLATFORM_SECRETS: dict[str, Text] = {
    "msp-diagnostics": fmt("variable {}: opens the diagnostic pages", code("DIAGNOSTICS_SECRET")),
    "msp-redis-ca": fmt("variable {}: what the cache's TLS is signed by", code("REDIS_CA_CERTIFICATE")),
    "msp-database-admin": fmt("by Terraform: stack {} manages roles with it", code("grants")),
}


def _new_value(environment: EnvironmentGuide) -> Blocks:
    secrets = own(environment)
    if not secrets:
        return []
    return [
        paragraph(
            fmt(
                "**A first or a new value** of {}. {} {}",
                "one" if len(secrets) > 1 else "it",
                HOW_TO_FILL,
                _who(environment),
            )
        ),
        add_versions(environment),
        *_take_effect(environment),
    ]


def add_versions(environment: EnvironmentGuide) -> Block:
    """One command for each declared secret; the value comes from standard input."""
    return shell(
        *(
            gcloud("secrets", "versions", "add", secret, project=environment.project_id, data_file="-")
            for secret in own(environment)
        )
    )


def _who(environment: EnvironmentGuide) -> Inline:
    adders = {group for _, group in access.version_adders(environment)}
    if adders:
        return fmt("Members of {} may do so at all times.", join(sorted(adders), ", ", " and "))
    return fmt("Nobody may do so at all times: {}.", link("take on the platform's identity", anchor(applying.TITLE)))


def _take_effect(environment: EnvironmentGuide) -> Blocks:
    pinned = any(reader.reference.version != "latest" for reader in _readers(environment))
    exception = ["What is read at a fixed version changes with that version in the spec."] if pinned else []
    if not environment.workload.stays:
        return [paragraph("The job's next run reads the new value.", *exception)]
    if environment.context.rollout is not None:
        return [
            paragraph(
                fmt(
                    "Instances read secrets when they start; this replaces them by new ones of the release that runs ({}).",
                    rollout.as_whom(environment),
                ),
                *exception,
            ),
            rollout.again(environment),
        ]
    return [
        paragraph(
            fmt(
                "Instances read secrets when they start; this replaces them by new ones of the same image ({}). The"
                " next apply of stack {} takes away the name that it gives the revision, and nothing else.",
                rollout.as_whom(environment),
                code(rollout.RUN),
            ),
            *exception,
        ),
        rollout.again(environment),
    ]

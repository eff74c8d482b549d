"""Terraform by hand: as whom, with which version, and the commands for one stack."""

from __future__ import annotations

from generator.docs.inline import code, fmt
from generator.docs.markdown import Block, Blocks, heading, paragraph, shell
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.shell import gcloud, quote, terraform

TITLE = "Before you apply"


def blocks(guide: ServiceGuide) -> Blocks:
    settings = guide.platform.terraform
    return [
        heading(2, TITLE),
        paragraph(
            fmt(
                "Everything is applied as {}, so that it doesn't matter who does it. You need {} on that account,"
                " and Terraform {}.",
                code(settings.runner),
                code("roles/iam.serviceAccountTokenCreator"),
                settings.version,
            )
        ),
        shell(
            gcloud("auth", "login"),
            gcloud("auth", "application-default", "login"),
            f"export GOOGLE_IMPERSONATE_SERVICE_ACCOUNT={quote(settings.runner)}",
            f"export CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT={quote(settings.runner)}",
        ),
        paragraph(
            fmt(
                "The first export is for Terraform, its state included; the second for {}. They hold for one shell:"
                " {} ends it. The {} that Terraform leaves in a stack's folder is worth committing: it pins what the"
                " providers' downloads must be.",
                code("gcloud"),
                code("exit"),
                code(".terraform.lock.hcl"),
            )
        ),
    ]


def look(environment: EnvironmentGuide, stack: str) -> list[str]:
    """Commands that show what applying a stack would change in Google Cloud."""
    folder = environment.folder(stack)
    return [terraform(folder, "init"), terraform(folder, "plan")]


def apply(environment: EnvironmentGuide, stack: str) -> Block:
    """Look at what would change, then do it; `apply` shows it once more and asks."""
    return shell(*look(environment, stack), terraform(environment.folder(stack), "apply"))

"""Terraform by hand: as whom, with which version, and the commands for one stack."""

from __future__ import annotations

from generator.docs.inline import code, fmt
from generator.docs.markdown import Block, Blocks, heading, paragraph, shell
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.shell import gcloud, quote

TITLE = "Before you apply"


def blocks(guide: ServiceGuide) -> Blocks:
    settings = guide.platform.terraform
    return [
        heading(2, TITLE),
        paragraph(
            fmt(
                "Everything is applied as {}, so that it doesn't matter who does it. You need {} on that account,"
                " and {} {}: asdf and mise read that from {} in each environment's folder.",
                code(settings.runner),
                code("roles/iam.serviceAccountTokenCreator"),
                settings.title,
                _versions(guide),
                code(".tool-versions"),
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
                " {} ends it.",
                code("gcloud"),
                code("exit"),
            )
        ),
        *_workspaces(guide),
        *_lock(guide),
    ]


def _versions(guide: ServiceGuide) -> str:
    """Of the engine: one, or which environments have which while a newer one goes from tier to tier."""
    settings = guide.platform.terraform
    environments: dict[str, list[str]] = {}
    for environment in guide.environments:
        environments.setdefault(settings.version_in(environment.context.environment.tier), []).append(environment.id)
    if len(environments) == 1:
        return next(iter(environments))
    return " and ".join(f"{version} in {', '.join(ids)}" for version, ids in environments.items())


def _workspaces(guide: ServiceGuide) -> Blocks:
    """What has to be known where HCP Terraform keeps the state."""
    hcp = guide.platform.state.hcp
    if hcp is None:
        return []
    return [
        paragraph(
            fmt(
                "State is kept by {} in workspaces of organisation {}, one for each stack; the first {} makes its"
                " workspace. In a workspace's settings, execution mode {} runs it here, as told below; a workspace that"
                " runs remotely needs an identity of its own that may become the account above, and stack {} a network"
                " path to the database. Stacks read each other's outputs: remote state sharing must let them.",
                code(hcp.host),
                code(hcp.organization),
                code("init"),
                code("Local"),
                code("grants"),
            )
        ),
        shell(f"{guide.platform.terraform.program} login {quote(hcp.host)}"),
    ]


def _lock(guide: ServiceGuide) -> Blocks:
    """How the providers' downloads are pinned. Not generated: only the registry knows their checksums."""
    environment = guide.environments[0]
    stack = next(iter(environment.stacks))
    return [
        paragraph(
            fmt(
                "Provider versions are exact in every stack. Their checksums are not here, because only the registry"
                " knows them: {} writes {} beside the stack at the first {}, for this machine's platform alone. For all"
                " platforms, per stack, such as below; commit the file, and checks leave it alone:",
                guide.platform.terraform.title,
                code(".terraform.lock.hcl"),
                code("init"),
            )
        ),
        shell(
            environment.terraform(
                stack, "providers", "lock", *(f"-platform={platform}" for platform in ("linux_amd64", "linux_arm64", "darwin_arm64"))
            )
        ),
    ]


def look(environment: EnvironmentGuide, stack: str) -> list[str]:
    """Commands that show what applying a stack would change in Google Cloud."""
    return [environment.terraform(stack, "init"), environment.terraform(stack, "plan")]


def apply(environment: EnvironmentGuide, stack: str) -> Block:
    """Look at what would change, then do it; `apply` shows it once more and asks."""
    return shell(*look(environment, stack), environment.terraform(stack, "apply"))
